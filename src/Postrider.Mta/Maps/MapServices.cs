using Postrider.Mta.Dns;
using Postrider.Mta.Users;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary>What a map may use of the house. Made once for a site; thread-safe.</summary>
public sealed record MapServices
{
    public required TimeProvider Time { get; init; }

    /// <summary><c>$j</c>.</summary>
    public required string HostName { get; init; }

    /// <summary>Null: the DNS is not asked, and a map that would need it answers with a temporary failure.</summary>
    public IDnsResolver? Dns { get; init; }

    /// <summary>Null: the accounts of this machine.</summary>
    public ILocalUserDirectory? Users { get; init; }

    /// <summary>Class w: whether mail for this domain is ours.</summary>
    public Func<string, bool> IsLocal { get; init; } = static _ => false;

    /// <summary>The value of an option of the cf by its full name (<c>LDAPDefaultSpec</c>, <c>ServiceSwitchFile</c>, <c>AliasFile</c>); null: not said.</summary>
    public Func<string, string?> Option { get; init; } = static _ => null;

    /// <summary>Against this directory relative file names are read.</summary>
    public string BaseDirectory { get; init; } = "/";

    /// <summary>The uid besides root's whose files are trusted; 0: nobody's.</summary>
    public uint TrustedOwner { get; init; }

    /// <summary>Where the search list for names that are not complete stands.</summary>
    public string ResolvConfPath { get; init; } = "/etc/resolv.conf";

    /// <summary>Where the defaults of maps of the type <c>ldap</c> stand.</summary>
    public string LdapConfPath { get; init; } = "/etc/ldap/ldap.conf";

    /// <summary>Whether mail is only taken in and looked up later (<c>DeliveryMode=defer</c>): maps with <c>-D</c> are not asked then.</summary>
    public Func<bool> IsDeferred { get; init; } = static () => false;

    /// <summary>Writes a line into the mail log, at a severity of syslog from 0 to 7, for the map <c>syslog</c>. Must not block.</summary>
    public Action<int, string> Log { get; init; } = static (_, _) => { };

    /// <summary>Opens a map's file that this process may not read itself; null: nobody does.</summary>
    public FileDoor? Door { get; init; }

    /// <summary>Tells the operator what is wrong with a map while it runs. Must not block.</summary>
    public Action<string> Problem { get; init; } = static _ => { };
}
