using Postrider.Mta.Dns;
using Postrider.Mta.Hosting.Posix;
using Postrider.Mta.Maps;
using Postrider.Mta.Users;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Configuration;

/// <summary>What a site that is bound may ask of the machine.</summary>
public sealed record SiteServices
{
    /// <summary>For maps; null: those that ask it answer with a temporary failure.</summary>
    public IDnsResolver? Dns { get; init; }

    /// <summary>The local mailboxes of mailers with the flag w. Default: the accounts of this machine.</summary>
    public ILocalUserDirectory Users { get; init; } = new SystemUserDirectory(TimeProvider.System);

    public MapTypes MapTypes { get; init; } = MapTypes.Standard;

    /// <summary>The uid besides root's whose files are trusted; 0: nobody's.</summary>
    public uint TrustedOwner { get; init; }

    /// <summary>Opens a map's file that this process may not read itself; null: nobody does.</summary>
    public FileDoor? Door { get; init; }

    /// <summary>Takes the lines of the map syslog, with their severity. Must not block.</summary>
    public Action<int, string> Log { get; init; } = static (_, _) => { };

    /// <summary>Told what goes wrong with maps while the site runs. Must not block.</summary>
    public Action<string> Problem { get; init; } = static _ => { };
}
