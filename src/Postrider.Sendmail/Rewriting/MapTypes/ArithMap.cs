using System.Globalization;
using System.Security.Cryptography;
using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting.MapTypes;

/// <summary><c>arith</c>: the key is an operator, the two arguments are whole numbers of 64 bits. Stateless; thread-safe.</summary>
/// <remarks>
/// <c>+ - * / %</c>, <c>&amp; |</c> by bits, <c>l</c> (less) and <c>=</c> answer TRUE or FALSE, <c>r</c> a random number from the first argument to the
/// second. A result has fifteen characters at most. Only the operator's first letter counts; a text counts as the number that it begins with, else 0. Another operator, a division
/// by zero, or fewer than two arguments: not found (sendmail 8.17).
/// </remarks>
public sealed class ArithMap : IMap
{
    /// <inheritdoc/>
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (key.Length == 0 || arguments.Count < 2) { return new(MapResult.NotFound); }
        long a = Number(arguments[0]);
        long b = Number(arguments[1]);
        string? answer = key[0] switch
        {
            '+' => Text(unchecked(a + b)),
            '-' => Text(unchecked(a - b)),
            '*' => Text(unchecked(a * b)),
            '/' when b != 0 => Text(b == -1 ? unchecked(-a) : a / b),
            '%' when b != 0 => Text(b == -1 ? 0 : a % b),
            '&' => Text(a & b),
            '|' => Text(a | b),
            'l' => a < b ? "TRUE" : "FALSE",
            '=' => a == b ? "TRUE" : "FALSE",
            'r' => Text(Random(Math.Min(a, b), Math.Max(a, b))),
            _ => null,
        };
        return new(answer is null ? MapResult.NotFound : MapResult.Found(answer));
    }

    // sendmail 8.17: of a longer number the first fifteen characters, so that nobody decides otherwise than it.
    private static string Text(long number)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        return text.Length > 15 ? text[..15] : text;
    }

    private static long Random(long from, long to)
    {
        ulong width = unchecked((ulong)(to - from) + 1);
        ulong random = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        return unchecked(from + (long)(width == 0 ? random : random % width));
    }

    // As strtol of C: the digits that the text begins with, the nearest number that there is if they say too much.
    private static long Number(string text)
    {
        int end = text is ['-' or '+', ..] ? 1 : 0;
        while (end < text.Length && char.IsAsciiDigit(text[end])) { end++; }
        if (long.TryParse(text.AsSpan(0, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) { return number; }
        return end <= 1 ? 0 : text[0] == '-' ? long.MinValue : long.MaxValue;
    }
}
