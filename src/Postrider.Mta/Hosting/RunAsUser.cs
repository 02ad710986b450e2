using Postrider.Mta.Configuration;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting;

/// <summary>Who the daemon becomes when it is started as root.</summary>
public sealed record RunAsUser(SystemUser User, uint Group)
{
    public const string DefaultName = "postrider";

    /// <summary>RunAsUser of the site, or <see cref="DefaultName"/>; not started as root: who we are already.</summary>
    /// <exception cref="DaemonStartException">No such user or group, or it is root: the daemon refuses to start.</exception>
    public static RunAsUser Of(SiteConfiguration site)
    {
        if (!SystemUser.IsRoot)
        {
            SystemUser self = SystemUser.Current;
            return new RunAsUser(self, PosixCalls.GetEffectiveGid());
        }

        string name = site.RunAsUser ?? DefaultName;
        (string userName, string? groupName) = UserAndGroup.Split(name);
        SystemUser user = UserAndGroup.FindUser(userName)
            ?? throw new DaemonStartException(SysExit.OsFile, $"started as root, and there is no user {userName} to become; make one with: adduser --system --group --no-create-home {userName}");
        uint group = groupName is null ? user.Gid : UserAndGroup.FindGroup(groupName) ?? throw new DaemonStartException(SysExit.OsFile, $"RunAsUser={name}: no such group");

        return user.Uid == 0 || group == 0
            ? throw new DaemonStartException(SysExit.Configuration, $"RunAsUser={name}: the daemon never runs as root")
            : new RunAsUser(user, group);
    }

    /// <summary>Null when <see cref="User"/> can reach the directory; else the first directory above it that stops the user.</summary>
    /// <remarks>Looks at mode bits only, as group membership beyond the primary group is not needed for a directory of our own.</remarks>
    public string? BlockedBy(string directory)
    {
        string full = Path.GetFullPath(directory);
        string at = "/";
        foreach (string part in full.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (FileFacts.Of(at) is not { } facts) return at;
            uint bit = facts.Uid == User.Uid ? 0x40u : facts.Gid == Group ? 0x8u : 0x1u;
            if ((facts.Permissions & bit) == 0) return at;
            at = Path.Combine(at, part);
        }

        return null;
    }
}
