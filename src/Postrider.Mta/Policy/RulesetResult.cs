using Postrider.Mail;
using Postrider.Mta.Routing;

namespace Postrider.Mta.Policy;

/// <summary>
/// The workspace as a ruleset left it: resolved to a mailer triple (<c>$#error $@ 5.7.1 $: 550 text</c>, <c>$#discard</c>, <c>$#OK</c>, <c>$#esmtp $@ host $: user</c>),
/// or plain text (<c>OK</c>, <c>RELAY</c>, a rewritten address). Native and interpreted rulesets give the same kind of answer, and one reader interprets it.
/// </summary>
/// <param name="Triple">Null: not resolved.</param>
/// <param name="Text">The plain text; empty when resolved.</param>
/// <param name="Reasons">What decided, down to rule and map.</param>
public sealed record RulesetResult(MailerTriple? Triple, string Text, ReasonChain Reasons)
{
    public static RulesetResult Ok(ReasonChain reasons) => new(null, "OK", reasons);

    public static RulesetResult Relay(ReasonChain reasons) => new(null, "RELAY", reasons);

    public static RulesetResult Plain(string text, ReasonChain reasons) => new(null, text, reasons);

    /// <param name="host">What stands behind <c>$@</c>: an enhanced status, <c>quarantine</c>, or a word like <c>nouser</c>.</param>
    /// <param name="text">What stands behind <c>$:</c>, with the reply code in front.</param>
    public static RulesetResult Error(string host, string text, ReasonChain reasons) => new(new MailerTriple("error", host, text), "", reasons);

    /// <summary>What decides cannot be asked now (oracle 86).</summary>
    public static RulesetResult TemporaryFailure(ReasonChain reasons) => Error("4.3.0", "451 Temporary system failure. Please try again later.", reasons);

    public static RulesetResult Discard(ReasonChain reasons) => new(new MailerTriple("discard", "", "discard"), "", reasons);
}
