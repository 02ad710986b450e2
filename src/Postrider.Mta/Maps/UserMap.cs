using System.Globalization;
using Postrider.Mta.Routing;
using Postrider.Mta.Users;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>user</c>: a field of an account of this system. Thread-safe; the name service is asked on threads of its own.</summary>
/// <param name="column"><c>-v</c>: <c>name passwd uid gid gecos dir shell</c>.</param>
/// <remarks>sendmail 8.17, measured: a name is also tried in lower case, <c>-f</c> or not; gecos up to its first comma, with <c>&amp;</c> replaced.</remarks>
internal sealed class UserMap(string column, ILocalUserDirectory users, MapFlags flags) : IMap
{
    public static bool IsColumn(string column) => column is "name" or "passwd" or "uid" or "gid" or "gecos" or "dir" or "shell";

    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        LocalUser? user;
        try
        {
            string folded = key.ToLowerInvariant();
            user = await users.FindAsync(key, cancellationToken);
            if (user is null && folded != key) user = await users.FindAsync(folded, cancellationToken);
        }
        catch (MapUnavailableException e)
        {
            return MapResult.TempFail(e.Message);
        }

        return user is null ? MapResult.NotFound : MapValue.Finish(flags, AnswerText.Clean(Field(user)), key, arguments);
    }

    private string Field(LocalUser user) => column switch
    {
        "name" => user.Name,
        "passwd" => user.Password,
        "uid" => user.Uid.ToString(CultureInfo.InvariantCulture),
        "gid" => user.Gid.ToString(CultureInfo.InvariantCulture),
        "gecos" => user.FullName,
        "dir" => user.Home,
        _ => user.Shell,
    };
}
