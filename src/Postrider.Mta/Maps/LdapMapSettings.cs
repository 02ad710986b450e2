using Postrider.Mta.Ldap;

namespace Postrider.Mta.Maps;

/// <summary>What the <c>K</c> line of an <c>ldap</c> map and <c>LDAPDefaultSpec</c> say.</summary>
internal sealed record LdapMapSettings
{
    /// <summary><c>-k</c>.</summary>
    public required LdapFilter Filter { get; init; }

    /// <summary><c>-h</c> and <c>-p</c>, or <c>-H</c>: tried in this order.</summary>
    public IReadOnlyList<LdapUrl> Servers { get; init; } = [LdapUrl.Local];

    /// <summary><c>-b</c>.</summary>
    public string BaseDn { get; init; } = "";

    /// <summary><c>-s</c>.</summary>
    public LdapScope Scope { get; init; } = LdapScope.Sub;

    /// <summary><c>-r</c>.</summary>
    public LdapDereference Dereference { get; init; }

    /// <summary><c>-v</c>; empty: every attribute is an answer.</summary>
    public IReadOnlyList<LdapAttribute> Attributes { get; init; } = [];

    /// <summary><c>-n</c>: the names of the attributes are the answers.</summary>
    public bool NamesOnly { get; init; }

    /// <summary><c>-1</c>: more than one entry is not found.</summary>
    public bool SingleMatch { get; init; }

    /// <summary><c>-z</c>: stands between several answers; null: only the first is given.</summary>
    public string? Between { get; init; }

    /// <summary><c>-V</c>: stands between an attribute's name and each value; null: no names.</summary>
    public string? NameBetween { get; init; }

    /// <summary><c>-Z</c>: more entries than this are a temporary failure; 0: no limit but the server's.</summary>
    public int SizeLimit { get; init; }

    /// <summary><c>-l</c>, in seconds, for the server; 0: its own limit.</summary>
    public int TimeLimit { get; init; }

    /// <summary>For a whole look-up: <c>-c</c>, else <c>-l</c>, else 30 seconds. Ours: libldap waits for a server as long as the kernel does.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>-R</c> unsets it: answers that are on another server are fetched there.</summary>
    public bool FollowReferrals { get; init; } = true;

    /// <summary>Authorities whose certificates a server may have, as a file; null: those of the system.</summary>
    public string? AuthoritiesFile { get; init; }

    /// <summary><c>-w</c>. Default 3; sendmail's 2 is what today's servers refuse.</summary>
    public int Version { get; init; } = 3;

    /// <summary><c>-d</c>; empty: nobody in particular asks.</summary>
    public string BindDn { get; init; } = "";

    /// <summary>The first line of the file of <c>-P</c>.</summary>
    public string Password { get; init; } = "";
}
