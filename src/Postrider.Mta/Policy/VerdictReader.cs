using System.Globalization;
using Postrider.Mail;

namespace Postrider.Mta.Policy;

/// <summary>How the result of a check is read (sendmail 8.17, oracle 07 and 11).</summary>
public static class VerdictReader
{
    private static readonly EnhancedStatusCode NoStatus = new(5, 3, 0);

    /// <summary>Only an error, a discard and a quarantine object; anything else accepts.</summary>
    public static Verdict Read(string ruleset, RulesetResult result, string? subject)
    {
        if (result.Triple is { } triple)
        {
            return triple.Mailer.ToUpperInvariant() switch
            {
                "ERROR" when string.Equals(triple.Host, "quarantine", StringComparison.OrdinalIgnoreCase) =>
                    new Verdict(VerdictKind.Quarantine, null, Clean(triple.User), Chain(ruleset, result, "quarantine")),
                "ERROR" => Rejected(ruleset, result, subject),
                "DISCARD" => new Verdict(VerdictKind.Discard, null, null, Chain(ruleset, result, "discard")),
                "OK" => new Verdict(VerdictKind.Ok, null, null, result.Reasons),
                "RELAY" => new Verdict(VerdictKind.Relay, null, null, result.Reasons),
                _ => new Verdict(VerdictKind.Accept, null, null, result.Reasons),
            };
        }

        VerdictKind kind = result.Text switch
        {
            _ when string.Equals(result.Text, "OK", StringComparison.OrdinalIgnoreCase) => VerdictKind.Ok,
            _ when string.Equals(result.Text, "RELAY", StringComparison.OrdinalIgnoreCase) => VerdictKind.Relay,
            _ => VerdictKind.Accept,
        };
        return kind == VerdictKind.Accept && result.Reasons.IsEmpty ? Verdict.Accepted : new Verdict(kind, null, null, result.Reasons);
    }

    private static Verdict Rejected(string ruleset, RulesetResult result, string? subject)
    {
        string text = Clean(result.Triple!.User);
        int code = 553;
        bool hasCode = text.Length >= 3 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[1]) && char.IsAsciiDigit(text[2]) && (text.Length == 3 || text[3] == ' ');
        if (hasCode)
        {
            code = int.Parse(text.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            text = text[3..].TrimStart();
        }

        // A ruleset that says error means refusal: a code outside 4yz and 5yz would let the mail through.
        if (code is < 400 or > 599) code = 553;

        // A status from $@ counts when its class fits the code; else the text may carry one; else X.0.0, and 5.3.0 when there was no code either.
        EnhancedStatusCode fallback = hasCode ? new EnhancedStatusCode(code / 100, 0, 0) : NoStatus;
        if (!EnhancedStatusCode.TryParse(result.Triple.Host, out EnhancedStatusCode status) || status.Class != code / 100)
        {
            int length = EnhancedStatusCode.TryParsePrefix(text, out status);
            if (length > 0 && length < text.Length && text[length] == ' ' && status.Class == code / 100) text = text[(length + 1)..];
            else status = fallback;
        }

        // sendmail 8.17, oracle 07 and 11: only these codes are followed by the address.
        if (subject is not null && code is 450 or 550 or 553) text = subject + "... " + text;
        ReasonChain reasons = result.Reasons.Then(ReasonKind.Ruleset, string.Create(CultureInfo.InvariantCulture, $"{ruleset}: reject {code} {status}"));
        return new Verdict(VerdictKind.Reject, new SmtpReply(code, status, text) { Reasons = reasons, ClosesSession = code == 421 }, null, reasons);
    }

    private static ReasonChain Chain(string ruleset, RulesetResult result, string what) => result.Reasons.Then(ReasonKind.Ruleset, $"{ruleset}: {what}");

    /// <summary>A ruleset's text may be quoted, and may hold what came from a peer: nothing that could end the reply line stays in.</summary>
    private static string Clean(string text)
    {
        text = text.Trim();
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"' && text.AsSpan(1, text.Length - 2).IndexOf('"') < 0) text = text[1..^1];
        return text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 ? text : text.Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ');
    }
}
