using System.Buffers;
using System.Globalization;
using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>Prepares user names and passwords for comparison (RFC 4013, a profile of stringprep, RFC 3454), so that the same characters typed on two keyboards are the same secret.</summary>
/// <remarks>Laxer than the text for stored strings: characters that Unicode 3.2 did not know (RFC 3454 A.1) pass, as in queries, because passwords with newer characters exist.
/// RandALCat is table D.1; LCat is taken from the general categories of letters instead of table D.2.</remarks>
public static class SaslPrep
{
    // All that need no preparation: printable ASCII.
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(0x20, 0x5f).Select(c => (char)c)]);

    // RFC 3454 C.1.2, without U+0020.
    private static bool IsNonAsciiSpace(int c) => c is 0xa0 or 0x1680 or (>= 0x2000 and <= 0x200b) or 0x202f or 0x205f or 0x3000;

    // RFC 3454 B.1.
    private static bool IsMappedToNothing(int c) => c is 0xad or 0x34f or 0x1806 or (>= 0x180b and <= 0x180d) or 0x200b or 0x200c or 0x200d or 0x2060 or (>= 0xfe00 and <= 0xfe0f) or 0xfeff;

    /// <summary>Null when the text holds a prohibited character, or mixes directions, or is no well-formed UTF-16.</summary>
    public static string? Prepare(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain)) return text;

        // 1. Map (RFC 4013 §2.1). U+200B stands in both tables; as in RFC 3454 §3 what maps to nothing is taken out.
        StringBuilder mapped = new(text.Length);
        for (int i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int used) != OperationStatus.Done) return null;
            i += used;
            if (IsMappedToNothing(rune.Value)) continue;
            if (IsNonAsciiSpace(rune.Value)) mapped.Append(' ');
            else mapped.Append(rune.ToString());
        }

        // 2. Normalize (§2.2).
        string normalized = mapped.ToString().Normalize(NormalizationForm.FormKC);

        // 3. Prohibit (§2.3), 4. check directions (§2.4, RFC 3454 §6).
        bool rightToLeft = false;
        bool leftToRight = false;
        foreach (Rune rune in normalized.EnumerateRunes())
        {
            if (IsProhibited(rune)) return null;
            if (IsRandAl(rune.Value)) rightToLeft = true;
            else if (IsLeftToRight(rune)) leftToRight = true;
        }

        if (!rightToLeft) return normalized;
        if (leftToRight) return null;
        Rune.DecodeFromUtf16(normalized, out Rune first, out _);
        Rune.DecodeLastFromUtf16(normalized, out Rune last, out _);
        return IsRandAl(first.Value) && IsRandAl(last.Value) ? normalized : null;
    }

    private static bool IsProhibited(Rune rune)
    {
        int c = rune.Value;
        return c < 0x20 || c is >= 0x7f and <= 0x9f // C.2.1, C.2.2
            || IsNonAsciiSpace(c) // C.1.2: NFKC leaves U+1680
            || c is 0x6dd or 0x70f or 0x180e or 0x200c or 0x200d or 0x2028 or 0x2029 or (>= 0x2060 and <= 0x2063) or (>= 0x206a and <= 0x206f) or 0xfeff // C.2.2
                or (>= 0xfff9 and <= 0xfffd) or (>= 0x1d173 and <= 0x1d17a) // C.2.2, C.6
                or (>= 0x2ff0 and <= 0x2ffb) or 0x340 or 0x341 or 0x200e or 0x200f or (>= 0x202a and <= 0x202e) // C.7, C.8
                or 0xe0001 or (>= 0xe0020 and <= 0xe007f) or (>= 0xfdd0 and <= 0xfdef) // C.9, C.4
            || (c & 0xfffe) == 0xfffe // C.4
            || Rune.GetUnicodeCategory(rune) == UnicodeCategory.PrivateUse; // C.3
    }

    private static bool IsLeftToRight(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber or UnicodeCategory.SpacingCombiningMark;

    // RFC 3454 D.1.
    private static bool IsRandAl(int c) => c is 0x5be or 0x5c0 or 0x5c3 or (>= 0x5d0 and <= 0x5ea) or (>= 0x5f0 and <= 0x5f4) or 0x61b or 0x61f or (>= 0x621 and <= 0x63a)
        or (>= 0x640 and <= 0x64a) or (>= 0x66d and <= 0x66f) or (>= 0x671 and <= 0x6d5) or 0x6dd or 0x6e5 or 0x6e6 or (>= 0x6fa and <= 0x6fe) or (>= 0x700 and <= 0x70d)
        or 0x710 or (>= 0x712 and <= 0x72c) or (>= 0x780 and <= 0x7a5) or 0x7b1 or 0x200f or 0xfb1d or (>= 0xfb1f and <= 0xfb28) or (>= 0xfb2a and <= 0xfb36)
        or (>= 0xfb38 and <= 0xfb3c) or 0xfb3e or 0xfb40 or 0xfb41 or 0xfb43 or 0xfb44 or (>= 0xfb46 and <= 0xfbb1) or (>= 0xfbd3 and <= 0xfd3d) or (>= 0xfd50 and <= 0xfd8f)
        or (>= 0xfd92 and <= 0xfdc7) or (>= 0xfdf0 and <= 0xfdfc) or (>= 0xfe70 and <= 0xfe74) or (>= 0xfe76 and <= 0xfefc);
}
