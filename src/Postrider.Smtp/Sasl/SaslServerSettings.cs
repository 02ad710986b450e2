using System.Collections.Immutable;

namespace Postrider.Smtp.Sasl;

/// <summary>What a listener offers, before the stores and the session's security have their say.</summary>
public sealed record SaslServerSettings
{
    /// <summary>AuthMechanisms, in any case. Empty (the default): SCRAM-SHA-256, LOGIN and PLAIN. SCRAM-SHA-256-PLUS is served when it is named here: of its bindings we have tls-server-end-point only, and a client that knows others would fail on it.</summary>
    public ImmutableArray<string> Mechanisms { get; init; } = [];

    /// <summary>Whether the EHLO line has the order and the spelling of <see cref="Mechanisms"/>, as sendmail's has (asked of sendmail 8.17). Default false: strongest first, because many clients take the first that they know.</summary>
    public bool KeepsOrder { get; init; }

    /// <summary>Cyrus's <c>mech_list</c>: no other mechanism is offered. Empty, the default: any.</summary>
    public ImmutableArray<string> Allowed { get; init; } = [];

    /// <summary>What each mechanism must have. Default: nothing.</summary>
    public SaslDemands Demands { get; init; }

    /// <summary>Offer PLAIN and LOGIN without TLS. Default false.</summary>
    /// <remarks>Differs from sendmail, which offers them in clear unless AuthOptions has <c>p</c> (oracle 32): passwords in clear on the wire want a site that asks for it.</remarks>
    public bool PlainInClear { get; init; }

    /// <summary>(authentication identity, authorization identity) → may the one act as the other. Null (the default): nobody but oneself.</summary>
    public Func<string, string, bool>? MayActAs { get; init; }
}
