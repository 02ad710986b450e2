namespace Postrider.Mail;

/// <summary>What kind of thing decided: the first word of each link in a <see cref="ReasonChain"/>.</summary>
public enum ReasonKind
{
    /// <summary>The listener and its modifiers.</summary>
    Listener,

    /// <summary>A ruleset, native or interpreted, with its line where it has one.</summary>
    Ruleset,

    /// <summary>A map, its key and its value.</summary>
    Map,

    /// <summary>A DNS question and its answer.</summary>
    Dns,

    /// <summary>A mail filter.</summary>
    Milter,

    /// <summary>A configured or built-in limit.</summary>
    Limit,

    /// <summary>The protocol's own law (grammar, command order).</summary>
    Protocol,

    /// <summary>TLS: handshake, verification.</summary>
    Tls,

    /// <summary>Authentication.</summary>
    Auth,

    /// <summary>The queue store.</summary>
    Queue,

    /// <summary>What the next hop said.</summary>
    Remote,

    /// <summary>The local file system, a mailbox, a program.</summary>
    Local,

    /// <summary>A configured option, class or feature.</summary>
    Configuration,
}
