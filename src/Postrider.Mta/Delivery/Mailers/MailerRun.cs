using System.Collections.Immutable;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>One start of a program mailer. Says which mailer, for whom and with which values, never which program or which words: those stand in the configuration of whoever runs it.</summary>
public sealed record MailerRun
{
    public required string Mailer { get; init; }

    /// <summary>Login name of the user in whose name it runs; null: the mailer's U=, else DefaultUser.</summary>
    public string? Controller { get; init; }

    /// <summary><c>$u</c>, one after the other.</summary>
    public required ImmutableArray<string> Users { get; init; }

    /// <summary>Values of the other macros that A= names.</summary>
    public ImmutableDictionary<string, string> Macros { get; init; } = ImmutableDictionary<string, string>.Empty;
}
