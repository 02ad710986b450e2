using System.Globalization;
using Postrider.Mail;

namespace Postrider.Mta.Routing;

/// <summary><c>$#error $@ host $: text</c> as reply code, status and text (sendmail 8.17, oracle 07 and 11). The one place that reads it, for checks and for addresses.</summary>
/// <param name="Code">Always 4yz or 5yz: a ruleset that says error means refusal.</param>
public readonly record struct ErrorMailer(int Code, EnhancedStatusCode Status, string Text)
{
    private static readonly EnhancedStatusCode NoStatus = new(5, 3, 0);

    public static ErrorMailer Read(MailerTriple triple)
    {
        string text = Clean(triple.User);
        int code = 553;
        bool hasCode = text.Length >= 3 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[1]) && char.IsAsciiDigit(text[2]) && (text.Length == 3 || text[3] == ' ');
        if (hasCode)
        {
            code = int.Parse(text.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            text = text[3..].TrimStart();
        }

        // A code outside 4yz and 5yz would let the mail through.
        if (code is < 400 or > 599) code = 553;

        // sendmail 8.17, oracle 12: a text without a code is 553 5.3.0, whatever $@ says.
        // TEMPFAIL as the host says that it may be tried again, which a 553 would not.
        if (!hasCode) return string.Equals(triple.Host, "TEMPFAIL", StringComparison.OrdinalIgnoreCase) ? new ErrorMailer(451, new EnhancedStatusCode(4, 3, 0), text) : new ErrorMailer(code, NoStatus, text);

        // A status from $@ counts when its class fits the code; else the text may carry one; else X.0.0.
        EnhancedStatusCode fallback = new(code / 100, 0, 0);
        if (!EnhancedStatusCode.TryParse(triple.Host, out EnhancedStatusCode status) || status.Class != code / 100)
        {
            int length = EnhancedStatusCode.TryParsePrefix(text, out status);
            if (length > 0 && length < text.Length && text[length] == ' ' && status.Class == code / 100) text = text[(length + 1)..];
            else status = fallback;
        }

        return new ErrorMailer(code, status, text);
    }

    /// <summary>A ruleset's text may be quoted, and may hold what came from a peer: nothing that could end the reply line stays in.</summary>
    public static string Clean(string text)
    {
        text = text.Trim();
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"' && text.AsSpan(1, text.Length - 2).IndexOf('"') < 0) text = text[1..^1];
        return text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 ? text : text.Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ');
    }
}
