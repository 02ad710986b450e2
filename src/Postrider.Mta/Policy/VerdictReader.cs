using System.Globalization;
using Postrider.Mail;
using Postrider.Mta.Routing;

namespace Postrider.Mta.Policy;

/// <summary>How the result of a check is read (sendmail 8.17, oracle 07 and 11).</summary>
public static class VerdictReader
{
    /// <summary>Only an error, a discard and a quarantine object; anything else accepts.</summary>
    public static Verdict Read(string ruleset, RulesetResult result, string? subject)
    {
        if (result.Triple is { } triple)
        {
            return triple.Mailer.ToUpperInvariant() switch
            {
                "ERROR" when string.Equals(triple.Host, "quarantine", StringComparison.OrdinalIgnoreCase) =>
                    new Verdict(VerdictKind.Quarantine, null, ErrorMailer.Clean(triple.User), Chain(ruleset, result, "quarantine")),
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
        (int code, EnhancedStatusCode status, string text) = ErrorMailer.Read(result.Triple!);

        // sendmail 8.17, oracle 07 and 11: only these codes are followed by the address.
        if (subject is not null && code is 450 or 550 or 553) text = subject + "... " + text;
        ReasonChain reasons = result.Reasons.Then(ReasonKind.Ruleset, string.Create(CultureInfo.InvariantCulture, $"{ruleset}: reject {code} {status}"));
        return new Verdict(VerdictKind.Reject, new SmtpReply(code, status, text) { Reasons = reasons, ClosesSession = code == 421 }, null, reasons);
    }

    private static ReasonChain Chain(string ruleset, RulesetResult result, string what) => result.Reasons.Then(ReasonKind.Ruleset, $"{ruleset}: {what}");
}
