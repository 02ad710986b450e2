using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>userdb</c>: a field of the user database, <c>maildrop</c> or <c>mailname</c>: the key <c>user:field</c> in the files of <c>UserDatabaseSpec</c>, in their order. Thread-safe.</summary>
/// <param name="field">The argument of the <c>K</c> line.</param>
/// <param name="files">One map for each file.</param>
/// <remarks>sendmail 8.17, measured: the first value of several; without <c>UserDatabaseSpec</c> nothing is found. Differs from sendmail: a file that is missing is a temporary failure.</remarks>
internal sealed class UserDatabaseMap(string field, IReadOnlyList<IMap> files, MapFlags flags) : IMap
{
    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        foreach (IMap file in files)
        {
            MapResult result = await file.LookupAsync($"{key}:{field}", arguments, cancellationToken);
            if (result.Status == MapStatus.Found) return MapResult.Found((flags.MatchOnly ? key : AnswerText.Clean(result.Value)) + flags.Append);
            if (result.Status == MapStatus.TempFail) return result;
        }

        return MapResult.NotFound;
    }
}
