using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Dns;
using Postrider.Mta.Policy;
using Postrider.Mta.Routing;
using Postrider.Sendmail.Rewriting;
using Postrider.Smtp.Server;

namespace Postrider.Mta.AddressTest;

/// <summary>What is native at a site of ours, as rulesets that an address test can call: canonify (3), parse (0), final (4), and the checks of policy, for a client that is the host itself.</summary>
/// <remarks>The workspace has sendmail's form: <c>user &lt; @ domain . &gt;</c> behind canonify, <c>$# mailer $@ host $: user</c> behind parse.</remarks>
internal sealed class NativeAddressRules
{
    private readonly Site site;
    private readonly Tokenizer tokenizer;
    private readonly PolicyContext policy;

    public NativeAddressRules(Site site, Tokenizer tokenizer, IDnsResolver resolver, AddressTester tester)
    {
        this.site = site;
        this.tokenizer = tokenizer;
        SmtpSessionFacts session = new(tester.Id, new ListenerFacts("test", null), remote: null, tester.Time.GetUtcNow()) { LocalUser = tester.UserName };
        policy = new PolicyContext(session, site.Policy, site.Rulesets, site.Router.Canonifier, resolver) { Rules = site.Rules, Time = tester.Time };
    }

    /// <summary>Null: there is no such native ruleset.</summary>
    public NativeRuleset? Find(string name) => name switch
    {
        "3" or "canonify" => CanonifyAsync,
        "0" or "parse" => ParseAsync,
        "4" or "final" => Final,
        _ when NativeCall.Find(name, policy, tokenizer) is { } check => (workspace, context, cancellationToken) => CheckAsync(check, workspace, context, cancellationToken),
        _ => null,
    };

    private async ValueTask<RewriteStatus> CanonifyAsync(Workspace workspace, RewriteContext context, CancellationToken cancellationToken)
    {
        string text = Plain(workspace);
        if (text.Length == 0) return RewriteStatus.Ok;
        AddressReading reading = await site.Router.ReadAsync(text, AddressKind.Recipient, context, cancellationToken);
        if (reading.Refusal is { } refusal) Refuse(workspace, refusal);
        else if (reading.Address!.Domain.Length == 0) workspace.Replace(tokenizer.Tokenize(reading.Address.LocalPart).Tokens);
        else workspace.Replace([.. tokenizer.Tokenize(reading.Address.LocalPart).Tokens, "<", "@", .. tokenizer.Tokenize(reading.Address.Domain).Tokens, ".", ">"]);
        return RewriteStatus.Ok;
    }

    private async ValueTask<RewriteStatus> ParseAsync(Workspace workspace, RewriteContext context, CancellationToken cancellationToken)
    {
        string text = Plain(workspace);
        if (text.Length == 0 || workspace.Tokens[0] == Metasymbol.Mailer) return RewriteStatus.Ok;
        RouteVerdict verdict = await site.Router.RouteAsync(ForwardPath.Of(text), cancellationToken);
        if (verdict.Triple is not { } triple)
        {
            Refuse(workspace, verdict);
            return verdict.Code / 100 == 4 ? RewriteStatus.TemporaryFailure : RewriteStatus.Ok;
        }

        List<string> answer = [Metasymbol.Mailer, triple.Mailer];
        if (triple.Host.Length > 0) answer.AddRange([Metasymbol.Host, .. tokenizer.Tokenize(triple.Host).Tokens]);
        answer.AddRange([Metasymbol.User, .. tokenizer.Tokenize(triple.User).Tokens]);
        workspace.Replace(answer);
        return RewriteStatus.Ok;
    }

    private ValueTask<RewriteStatus> Final(Workspace workspace, RewriteContext context, CancellationToken cancellationToken)
    {
        workspace.Replace(tokenizer.Tokenize(Plain(workspace)).Tokens);
        return new ValueTask<RewriteStatus>(RewriteStatus.Ok);
    }

    /// <summary>What a session would know of its envelope when it asks: the address that is tested stands for both of its ends.</summary>
    private async ValueTask<RewriteStatus> CheckAsync(NativeRuleset check, Workspace workspace, RewriteContext context, CancellationToken cancellationToken)
    {
        string text = Plain(workspace);
        CanonicalAddress? address = text.Length == 0 ? null : (await site.Router.ReadAsync(text, AddressKind.Recipient, context, cancellationToken)).Address;
        policy.Sender = text.Length == 0 ? ReversePath.Null : ReversePath.Of(text);
        policy.SenderAddress = policy.Recipient = address;
        return await check(workspace, context, cancellationToken);
    }

    private void Refuse(Workspace workspace, RouteVerdict verdict) =>
        workspace.Replace([Metasymbol.Mailer, "error", Metasymbol.Host, .. tokenizer.Tokenize(verdict.Status.ToString()).Tokens, Metasymbol.User, $"\"{verdict.Code} {verdict.Text}\""]);

    // What stands in angle brackets is the address; but what canonify puts into them is only its domain.
    private string Plain(Workspace workspace)
    {
        List<string> tokens = [.. workspace.Tokens];
        int open = tokens.IndexOf("<");
        int close = tokens.LastIndexOf(">");
        if (open >= 0 && close > open && tokens[open + 1] != "@") tokens = tokens[(open + 1)..close];
        return tokenizer.Join([.. tokens.Where(static token => token is not ("<" or ">"))]).TrimEnd('.');
    }
}
