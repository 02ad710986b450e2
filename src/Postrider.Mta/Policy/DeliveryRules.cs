using System.Net;
using Postrider.Mail;
using Postrider.Mta.Logging;
using Postrider.Mta.Routing;
using Postrider.Mta.Rules;
using Postrider.Queue;
using Postrider.Sendmail.Rewriting;
using Postrider.Smtp.Client;
using Postrider.Smtp.Server;

namespace Postrider.Mta.Policy;

/// <summary>The site's rulesets that are asked at delivery, where there is no session: check_compat for each recipient, and those about the server (<see cref="ServerPolicy"/>). Immutable; thread-safe.</summary>
public sealed class DeliveryRules(SiteRules rules, SendmailLog log)
{
    private const string CheckCompat = "check_compat";

    /// <summary>check_compat: <c>sender $| recipient</c>. sendmail 8.17, oracle 07 and 12: an error fails or defers this recipient alone, discard drops it alone.</summary>
    /// <returns>Null: it goes where it was routed.</returns>
    public async ValueTask<RouteVerdict?> CheckCompatAsync(QueueEnvelope envelope, ForwardPath recipient, CancellationToken cancellationToken)
    {
        if (!rules.Defines(CheckCompat)) return null;
        MacroTable macros = new(rules.Macros);
        macros.Set("i", envelope.Id.Value);
        macros.Set("f", envelope.ReversePath.Address);
        macros.Set("_", envelope.ReceivedFrom);
        RulesetArgument argument = new(envelope.ReversePath.ToString(), recipient.ToString());
        Verdict verdict = await AskAsync(CheckCompat, argument, rules.Begin(macros), cancellationToken);
        switch (verdict.Kind)
        {
            case VerdictKind.Reject:
                log.RulesetReject(envelope.Id.Value, CheckCompat, argument.First, argument.Second, envelope.ReceivedFrom ?? "", verdict.Reply!);
                return RouteVerdict.Refused(verdict.Reply!.Code, verdict.Reply.Status ?? new EnhancedStatusCode(verdict.Reply.Code / 100, 0, 0), verdict.Reply.Text, verdict.Reasons);
            case VerdictKind.Discard:
                log.Notice(envelope.Id.Value, $"ruleset={CheckCompat}, arg1={argument.First}, arg2={argument.Second}, relay={envelope.ReceivedFrom}, discard");
                return RouteVerdict.To(new Routing.MailerTriple("discard", "", "discard"), verdict.Reasons);
            default:
                return null;
        }
    }

    /// <summary>For a new connection to this server; null: no ruleset of the file is about servers.</summary>
    public ISmtpClientPolicy? PolicyFor(string serverName, IPAddress address) => ServerPolicy.Names.Any(rules.Defines)
        ? new ServerPolicy(rules, log, serverName, SmtpSessionFacts.FormatAddress(address))
        : null;

    private async ValueTask<Verdict> AskAsync(string name, RulesetArgument argument, RewriteContext rewriting, CancellationToken cancellationToken) =>
        VerdictReader.Read(name, await RulesetCall.RunAsync(rules.Engine, name, argument, rewriting, ReasonChain.Of(ReasonKind.Ruleset, name + ": rules of the site"), cancellationToken), subject: null);
}
