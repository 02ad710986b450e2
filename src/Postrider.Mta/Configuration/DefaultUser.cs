using System.Globalization;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Configuration;

/// <summary>Who programs run as when nobody in particular is meant: option <c>DefaultUser</c>. Never root.</summary>
public static class DefaultUser
{
    // The order in which sendmail looks when the option is not given (reference §1.2).
    private static readonly string[] Usual = ["mailnull", "sendmail", "daemon"];

    /// <summary>The login name; null: there is no such user, or it is root.</summary>
    /// <param name="option">The option's value, <c>user</c>, <c>user:group</c> or numbers; null: not given.</param>
    public static string? Name(string? option) =>
        option is { Length: > 0 } ? NotRoot(Account(option)) : Usual.Select(static name => NotRoot(SystemUser.Find(name))).FirstOrDefault(static name => name is not null);

    private static SystemUser? Account(string option)
    {
        string user = option.Split(':', '.', '/')[0].Trim();
        return uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out uint uid) ? SystemUser.Find(uid) : SystemUser.Find(user);
    }

    private static string? NotRoot(SystemUser? account) => account is null or { Uid: 0 } ? null : account.Name;
}
