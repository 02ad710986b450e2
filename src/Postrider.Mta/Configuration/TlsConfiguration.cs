namespace Postrider.Mta.Configuration;

/// <summary>The six paths. Null: not set. The server side needs the first four, as in sendmail.</summary>
public sealed record TlsConfiguration
{
    public string? CaCertPath { get; init; }

    public string? CaCertFile { get; init; }

    public string? ServerCertFile { get; init; }

    public string? ServerKeyFile { get; init; }

    public string? ClientCertFile { get; init; }

    public string? ClientKeyFile { get; init; }
}
