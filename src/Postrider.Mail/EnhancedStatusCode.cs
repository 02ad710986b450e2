using System.Globalization;

namespace Postrider.Mail;

/// <summary>An enhanced mail system status code, <c>class.subject.detail</c> (RFC 3463 §2).</summary>
/// <param name="Class">2 success, 4 persistent transient failure, 5 permanent failure.</param>
/// <param name="Subject">0 to 999: what the status is about (RFC 3463 §3).</param>
/// <param name="Detail">0 to 999: what happened.</param>
public readonly record struct EnhancedStatusCode(int Class, int Subject, int Detail)
{
    public bool IsSuccess => Class == 2;

    public bool IsTransient => Class == 4;

    public bool IsPermanent => Class == 5;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    /// <summary>Reads <c>d.ddd.ddd</c> at the start of <paramref name="text"/>.</summary>
    /// <returns>The number of characters read, 0 when there is no status code (RFC 3463 §2).</returns>
    public static int TryParsePrefix(ReadOnlySpan<char> text, out EnhancedStatusCode status)
    {
        status = default;
        if (text.Length < 5 || text[0] is not ('2' or '4' or '5') || text[1] != '.') return 0;
        int at = 2;
        if (!TryReadNumber(text, ref at, out int subject) || at >= text.Length || text[at++] != '.' || !TryReadNumber(text, ref at, out int detail)) return 0;
        status = new EnhancedStatusCode(text[0] - '0', subject, detail);
        return at;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedStatusCode status) => TryParsePrefix(text, out status) == text.Length && text.Length > 0;

    private static bool TryReadNumber(ReadOnlySpan<char> text, ref int at, out int number)
    {
        int start = at;
        number = 0;
        while (at < text.Length && at - start < 3 && char.IsAsciiDigit(text[at])) number = (number * 10) + (text[at++] - '0');
        return at > start;
    }
}
