using System.Collections.Immutable;
using Postrider.Smtp.Sasl;

namespace Postrider.Smtp.Client;

/// <summary>With what to authenticate where AUTH is offered.</summary>
public sealed record SmtpClientAuthentication
{
    public required SaslCredentials Credentials { get; init; }

    /// <summary>Mechanisms that may be used; empty: all that we have.</summary>
    public ImmutableArray<string> Mechanisms { get; init; } = [];

    /// <summary>Show the password without TLS (PLAIN, LOGIN). Default false, unlike sendmail: whoever answers in place of the peer would have it.</summary>
    public bool PlainInClear { get; init; }
}
