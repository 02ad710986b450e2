using Postrider.Mta.Dns;

namespace Postrider.Mta.Maps;

/// <summary>What a map may use of the house. Made once for a site; thread-safe.</summary>
public sealed record MapServices
{
    public required TimeProvider Time { get; init; }

    /// <summary><c>$j</c>.</summary>
    public required string HostName { get; init; }

    /// <summary>Null: the DNS is not asked, and a map that would need it answers with a temporary failure.</summary>
    public IDnsResolver? Dns { get; init; }

    /// <summary>Class w: whether mail for this domain is ours.</summary>
    public Func<string, bool> IsLocal { get; init; } = static _ => false;

    /// <summary>The value of an option of the cf by its full name (<c>LDAPDefaultSpec</c>, <c>ServiceSwitchFile</c>, <c>AliasFile</c>); null: not said.</summary>
    public Func<string, string?> Option { get; init; } = static _ => null;

    /// <summary>Against this directory relative file names are read.</summary>
    public string BaseDirectory { get; init; } = "/";

    /// <summary>The uid besides root's whose files are trusted; 0: nobody's.</summary>
    public uint TrustedOwner { get; init; }

    /// <summary>Tells the operator what is wrong with a map while it runs. Must not block.</summary>
    public Action<string> Problem { get; init; } = static _ => { };
}
