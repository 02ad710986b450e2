using System.Buffers;

namespace Postrider.Smtp.Grammar;

/// <summary>Walks the parameters after the path of MAIL or RCPT: <c>esmtp-keyword [ "=" esmtp-value ]</c>, separated by blanks (RFC 5321 §4.1.2).</summary>
/// <remarks>A keyword is letters, digits and hyphens; what begins otherwise has an empty keyword, as in sendmail (oracle 05: "555 5.5.4  parameter unrecognized").</remarks>
internal ref struct EsmtpParameters(ReadOnlySpan<char> text)
{
    /// <summary>sendmail 8.17 takes 20 at most.</summary>
    public const int MaxCount = 20;

    private static readonly SearchValues<char> KeywordCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");
    private ReadOnlySpan<char> rest = text;

    public ReadOnlySpan<char> Keyword { get; private set; }

    public ReadOnlySpan<char> Value { get; private set; }

    /// <summary>There was an equals sign, be the value empty or not.</summary>
    public bool HasValue { get; private set; }

    public int Count { get; private set; }

    public bool Next()
    {
        rest = rest.TrimStart(" \t");
        if (rest.IsEmpty) return false;
        Count++;
        int end = rest.IndexOfAny(' ', '\t');
        ReadOnlySpan<char> one = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..];
        int keyword = one.IndexOfAnyExcept(KeywordCharacters);
        Keyword = keyword < 0 ? one : one[..keyword];
        HasValue = keyword >= 0 && one[keyword] == '=';
        Value = HasValue ? one[(keyword + 1)..] : default;
        return true;
    }

    /// <summary>The keyword is this one; something other than an equals sign after it makes it another.</summary>
    public readonly bool Is(string keyword) => Keyword.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}
