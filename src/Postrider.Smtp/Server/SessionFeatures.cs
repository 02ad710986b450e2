namespace Postrider.Smtp.Server;

/// <summary>What a session is not offered, or must do, beside what its listener says: decided for this client before the greeting (sendmail's srv_features).</summary>
public sealed record SessionFeatures
{
    public static SessionFeatures All { get; } = new();

    /// <summary>A: AUTH.</summary>
    public bool NoAuth { get; init; }

    /// <summary>B, or with <see cref="NoExpn"/>: VERB.</summary>
    public bool NoVerb { get; init; }

    /// <summary>c: PLAIN and LOGIN only under TLS.</summary>
    public bool NoPasswordsInClear { get; init; }

    /// <summary>D: DSN.</summary>
    public bool NoDsn { get; init; }

    /// <summary>E: ETRN.</summary>
    public bool NoEtrn { get; init; }

    /// <summary>P: PIPELINING.</summary>
    public bool NoPipelining { get; init; }

    /// <summary>S: STARTTLS.</summary>
    public bool NoStartTls { get; init; }

    /// <summary>X: EXPN.</summary>
    public bool NoExpn { get; init; }

    /// <summary>l: MAIL wants authentication first (530 5.7.0).</summary>
    public bool RequiresAuth { get; init; }
}
