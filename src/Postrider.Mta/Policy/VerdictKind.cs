namespace Postrider.Mta.Policy;

/// <summary>How a check ended.</summary>
public enum VerdictKind
{
    /// <summary>Nothing objects; further checks go on.</summary>
    Accept,

    /// <summary><c>OK</c>: accepted, and no later check is asked.</summary>
    Ok,

    /// <summary><c>RELAY</c>: accepted, and relaying is allowed.</summary>
    Relay,

    /// <summary><c>$#error</c>: refused with <see cref="Verdict.Reply"/>.</summary>
    Reject,

    /// <summary><c>$#discard</c>: taken and dropped; the peer sees success.</summary>
    Discard,

    /// <summary><c>$#error $@ quarantine</c>: taken and set aside.</summary>
    Quarantine,
}
