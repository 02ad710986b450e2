using System.Text;
using System.Text.RegularExpressions;
using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting.MapTypes;

/// <summary><c>regex</c>: a POSIX expression. Immutable; thread-safe.</summary>
/// <remarks>
/// <c>-b</c> basic syntax, <c>-f</c> letters count as written, <c>-n</c> found if it does not match, <c>-q</c> quotation marks stay in the key, <c>-s1,2</c> the answer is
/// these parts, <c>-d</c> between them (<c>$|</c> if not given), <c>-m</c> the key, <c>-a</c> appended; without <c>-s</c> and <c>-m</c> nothing but that appendix.
/// Time is linear in the key, except for back references (basic syntax), which end after a fifth of a second.
/// Differs from POSIX: of several ways to match, parts are those of the first alternative, not of the longest.
/// </remarks>
public sealed class RegexMap : IMap
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);

    private readonly Regex _expression;
    private readonly MapFlags _flags;
    private readonly int[] _parts;
    private readonly string _between;

    /// <summary>Compiles the expression.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public RegexMap(string expression, MapFlags flags)
    {
        ArgumentNullException.ThrowIfNull(flags);
        _flags = flags;
        RegexOptions options = RegexOptions.CultureInvariant | RegexOptions.Singleline | (flags.KeepCase ? RegexOptions.None : RegexOptions.IgnoreCase);
        string pattern = PosixRegex.Translate(expression, basic: flags.Has('b'));
        try
        {
            _expression = new Regex(pattern, PosixRegex.HasBackReference(pattern) ? options : options | RegexOptions.NonBacktracking, Limit);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException) { throw new FormatException($"pattern-compile-error: {e.Message}", e); }
        _parts = flags.Value('s') is { } parts ? [.. parts.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static part => int.TryParse(part, out int n) ? n : 0)] : [];
        _between = flags.Value('d') ?? "$|"; // sendmail 8.17: a part of the word, not a token
    }

    /// <inheritdoc/>
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        Match match;
        try { match = _expression.Match(key); }
        catch (RegexMatchTimeoutException) { return new(MapResult.TempFail("the expression of a regex map took too long")); }
        if (match.Success == _flags.Has('n')) { return new(MapResult.NotFound); }
        // sendmail 8.17: a part with a blank in it, outside quotation marks, is no answer.
        if (match.Success && !_flags.MatchOnly && _parts.Any(part => HasBareBlank(match.Groups[part].ValueSpan))) { return new(MapResult.NotFound); }
        var answer = new StringBuilder();
        if (_flags.MatchOnly) { answer.Append(key); }
        else if (match.Success) { answer.AppendJoin(_between, _parts.Select(part => match.Groups[part].Value)); }
        return new(MapResult.Found(answer.Append(_flags.Append).ToString()));
    }

    private static bool HasBareBlank(ReadOnlySpan<char> part)
    {
        bool quoted = false;
        foreach (char c in part)
        {
            if (c == '"') { quoted = !quoted; }
            else if (c == ' ' && !quoted) { return true; }
        }
        return false;
    }
}
