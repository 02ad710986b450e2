using Postrider.Mail;
using Postrider.Mta.Dns;
using Postrider.Mta.Routing;

namespace Postrider.Mta.Policy;

/// <summary>Native check_mail: the sender has a domain, and one that could take a notification.</summary>
/// <remarks>sendmail 8.17, oracle 05, 10 and 12: the client may be authenticated or 127.0.0.1, the domain is wanted all the same; only <c>sendmail -bs</c> and the like may leave it out.</remarks>
public sealed class CheckMail() : Ruleset("check_mail")
{
    private const string Hook = "Local_check_mail";

    private static readonly DnsRecordType[] Asked = [DnsRecordType.Mx, DnsRecordType.A, DnsRecordType.Aaaa];
    private static readonly ReasonChain NullPath = ReasonChain.Of(ReasonKind.Ruleset, "check_mail: the null reverse-path is always taken (RFC 5321 §4.5.5)");
    private static readonly ReasonChain LocalDomain = ReasonChain.Of(ReasonKind.Ruleset, "check_mail: the sender's domain is local");
    private static readonly ReasonChain NotAsked = ReasonChain.Of(ReasonKind.Configuration, "check_mail: accept_unresolvable_domains");
    private static readonly ReasonChain Unqualified = ReasonChain.Of(ReasonKind.Ruleset, "check_mail: the sender has no domain");

    public override async ValueTask<RulesetResult> ApplyAsync(RulesetArgument argument, PolicyContext context, CancellationToken cancellationToken)
    {
        if (context.Rulesets.Find(Hook) is { } hook)
        {
            RulesetResult said = await hook.ApplyAsync(argument, context, cancellationToken);
            if (said.Triple is not null || said.Text is "OK" or "RELAY") return said;
        }

        // RFC 5321 §4.5.5: notifications come with a null reverse-path and are never refused for it.
        if (context.SenderAddress is not { } sender) return RulesetResult.Ok(NullPath);
        if (sender.Domain.Length == 0)
        {
            return context.Session.Remote is null || context.Settings.AcceptUnqualifiedSenders
                ? RulesetResult.Ok(Unqualified)
                : RulesetResult.Error("5.5.4", $"553 Domain name required for sender address {context.Sender!.Address}", Unqualified);
        }

        // sendmail 8.17, oracle 10: @localhost is a domain only for who is localhost.
        if (sender.Domain is "localhost" or "[127.0.0.1]" && !context.IsLocalClient)
        {
            return RulesetResult.Error(
                "5.5.4",
                "553 Real domain name required for sender address",
                ReasonChain.Of(ReasonKind.Ruleset, $"check_mail: {context.ClientName} is not {sender.Domain}"));
        }

        if (sender.IsLocal) return RulesetResult.Ok(LocalDomain);
        if (context.Settings.AcceptUnresolvableDomains || context.Dns is null) return RulesetResult.Ok(NotAsked);
        return await ResolveAsync(context.Sender!.Address, sender, context.Dns, cancellationToken);
    }

    private static async ValueTask<RulesetResult> ResolveAsync(string written, CanonicalAddress sender, IDnsResolver dns, CancellationToken cancellationToken)
    {
        if (sender.Domain.StartsWith('['))
        {
            // sendmail 8.17, oracle 10: a literal exists when its address has a name.
            DnsAnswer? name = LocalNames.TryParseLiteral(sender.Domain, out System.Net.IPAddress? address)
                ? await dns.QueryAsync(ReverseName.Of(address!), DnsRecordType.Ptr, cancellationToken)
                : null;
            return name?.Status switch
            {
                DnsStatus.Found => RulesetResult.Ok(name.Reasons),
                DnsStatus.TemporaryFailure => Temporary(written, name.Reasons),
                _ => Missing(written, name?.Reasons ?? ReasonChain.Of(ReasonKind.Ruleset, $"check_mail: {sender.Domain} is no address")),
            };
        }

        // MX first, because most domains that send mail have one. A null MX counts as existing (oracle 10).
        ReasonChain reasons = ReasonChain.None;
        bool temporary = false;
        foreach (DnsRecordType type in Asked)
        {
            DnsAnswer answer = await dns.QueryAsync(sender.Domain, type, cancellationToken);
            reasons = reasons.Then(answer.Reasons);
            if (answer.Status == DnsStatus.Found) return RulesetResult.Ok(reasons);
            temporary |= answer.Status == DnsStatus.TemporaryFailure;
            if (answer.Status == DnsStatus.NoName) break;
        }

        return temporary ? Temporary(written, reasons) : Missing(written, reasons);
    }

    private static RulesetResult Missing(string written, ReasonChain reasons) =>
        RulesetResult.Error("5.1.8", $"553 Domain of sender address {written} does not exist", reasons);

    private static RulesetResult Temporary(string written, ReasonChain reasons) =>
        RulesetResult.Error("4.1.8", $"451 Domain of sender address {written} does not resolve", reasons);
}
