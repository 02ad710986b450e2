namespace Postrider.Sendmail.Rewriting;

/// <summary>
/// The <c>$</c> sequences of a <c>sendmail.cf</c> as single characters, so that a text from mail or network can never spell one. They are Unicode
/// noncharacters (U+FDD0 to U+FDEB): no well-formed mail holds them, and <see cref="Tokenizer.Tokenize"/> replaces them where somebody tries.
/// </summary>
public static class Metasymbol
{
    // A reference to a macro or class is its character, the name, and End.
    internal const char End = '\uFDD0';
    internal const char Macro = '\uFDD1';
    internal const char LateMacro = '\uFDD2';
    internal const char Class = '\uFDD3';
    internal const char NotClass = '\uFDD4';
    internal const char AnyOrNone = '\uFDD5';
    internal const char Any = '\uFDD6';
    internal const char One = '\uFDD7';
    internal const char At = '\uFDD8';
    internal const char Colon = '\uFDD9';
    internal const char Hash = '\uFDDA';
    internal const char CallRuleset = '\uFDDB';
    internal const char HostBegin = '\uFDDC';
    internal const char HostEnd = '\uFDDD';
    internal const char MapBegin = '\uFDDE';
    internal const char MapEnd = '\uFDDF';
    internal const char If = '\uFDE0';
    internal const char Bar = '\uFDE1';
    internal const char EndIf = '\uFDE2';
    internal const char Position1 = '\uFDE3';
    internal const char Position9 = '\uFDEB';

    // In the order of the code points from AnyOrNone on.
    private const string Letters = "*+-@:#>[]()?|.123456789";

    /// <summary><c>$#</c>: what follows is the name of a mailer. As the first token it ends a ruleset.</summary>
    public const string Mailer = "\uFDDA";

    /// <summary><c>$@</c>: what follows is the host of a mailer triple, or an argument of a map.</summary>
    public const string Host = "\uFDD8";

    /// <summary><c>$:</c>: what follows is the user of a mailer triple, or the default of a look-up.</summary>
    public const string User = "\uFDD9";

    /// <summary><c>$|</c>: stands between the arguments of a ruleset that takes several.</summary>
    public const string Separator = "\uFDE1";

    /// <summary>Whether the character is one of ours.</summary>
    public static bool Is(char c) => c is >= End and <= Position9;

    /// <summary>The character for what follows a <c>$</c>, or NUL if that is no metasymbol of one letter.</summary>
    internal static char OfLetter(char letter)
    {
        int at = Letters.IndexOf(letter, StringComparison.Ordinal);
        return at < 0 ? '\0' : (char)(AnyOrNone + at);
    }

    /// <summary>A token as the cf file spells it: <c>$*</c>, <c>$=w</c>, <c>$&amp;{client_addr}</c>. Anything else is itself.</summary>
    public static string Printable(string token)
    {
        if (!token.AsSpan().ContainsAnyInRange(End, Position9)) { return token; }
        var text = new System.Text.StringBuilder(token.Length + 4);
        for (int i = 0; i < token.Length; i++)
        {
            char c = token[i];
            if (!Is(c)) { text.Append(c); continue; }
            if (c >= AnyOrNone) { text.Append('$').Append(Letters[c - AnyOrNone]); continue; }
            int end = token.IndexOf(End, i + 1);
            if (c == End || end < 0) { continue; }
            ReadOnlySpan<char> name = token.AsSpan(i + 1, end - i - 1);
            text.Append(c switch { LateMacro => "$&", Class => "$=", NotClass => "$~", _ => "$" });
            if (name.Length == 1) { text.Append(name); } else { text.Append('{').Append(name).Append('}'); }
            i = end;
        }
        return text.ToString();
    }

    /// <summary>The name in a token that refers to a macro or a class.</summary>
    internal static string NameIn(string token) => token[1..^1];
}
