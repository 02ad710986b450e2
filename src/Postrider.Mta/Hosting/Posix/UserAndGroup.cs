using System.Globalization;

namespace Postrider.Mta.Hosting.Posix;

/// <summary>A user and a group as options name them: <c>user</c>, <c>user:group</c>, <c>user.group</c>, <c>user/group</c>, names or numbers.</summary>
public static class UserAndGroup
{
    /// <summary>The two parts; the second is null when there is none.</summary>
    public static (string User, string? Group) Split(string text)
    {
        int separator = text.IndexOfAny([':', '.', '/']);
        return separator < 0 ? (text, null) : (text[..separator], text[(separator + 1)..]);
    }

    /// <summary>A number is a user id; one that nobody has is no user.</summary>
    public static SystemUser? FindUser(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint uid) ? SystemUser.Find(uid) : SystemUser.Find(text);

    public static uint? FindGroup(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint gid) ? gid : SystemUser.FindGroup(text);
}
