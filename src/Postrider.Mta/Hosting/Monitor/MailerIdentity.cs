using System.Globalization;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting.Monitor;

/// <summary>Who a mailer's program becomes when root starts it.</summary>
/// <param name="Name">For its groups; null where the name service knows none, and it has its primary group alone.</param>
public sealed record MailerIdentity(uint Uid, uint Gid, string? Name)
{
    // sendmail 8.17: the first of these that there is (and is not root), else 1:1.
    private static readonly string[] DefaultNames = ["mailnull", "sendmail", "daemon"];

    /// <summary>Never root, but for a mailer whose flag S and U= say so.</summary>
    /// <param name="controller">Login name; one that is unknown or root's counts as none: root's mail is delivered as DefaultUser.</param>
    /// <param name="fault">Why nobody can be named; null when somebody is.</param>
    public static MailerIdentity? Choose(MailerDefinition mailer, string? controller, string? defaultUser, out string? fault)
    {
        fault = null;
        if (mailer.Has('S')) return mailer.User is { } own ? Named(own, out fault) : new MailerIdentity(0, 0, "root");
        if (controller is not null && SystemUser.Find(controller) is { Uid: not 0 } user) return new MailerIdentity(user.Uid, user.Gid, user.Name);
        MailerIdentity? chosen = mailer.User is { } mailers ? Named(mailers, out fault) : defaultUser is not null ? Named(defaultUser, out fault) : Default();
        if (chosen is not { Uid: 0 }) return chosen;
        fault = $"mailer {mailer.Name} would run as root, and has no flag S";
        return null;
    }

    private static MailerIdentity? Named(string text, out string? fault)
    {
        (string userName, string? groupName) = UserAndGroup.Split(text);
        fault = null;
        SystemUser? user = UserAndGroup.FindUser(userName);
        uint? group = groupName is null ? user?.Gid : UserAndGroup.FindGroup(groupName);
        if (group is { } gid)
        {
            if (user is not null) return new MailerIdentity(user.Uid, gid, user.Name);
            if (uint.TryParse(userName, NumberStyles.None, CultureInfo.InvariantCulture, out uint uid)) return new MailerIdentity(uid, gid, null);
        }

        fault = $"{text}: no such user or group";
        return null;
    }

    private static MailerIdentity Default() => DefaultNames.Select(SystemUser.Find).FirstOrDefault(static user => user is { Uid: not 0 }) is { } found
        ? new MailerIdentity(found.Uid, found.Gid, found.Name)
        : new MailerIdentity(1, 1, null);
}
