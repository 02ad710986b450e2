using System.Collections.Frozen;
using Postrider.Mail;
using Postrider.Mail.Headers;
using Postrider.Mta.Rules;
using Postrider.Queue;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>
/// Addresses as one mailer wants them, by the site's own rulesets: senders through canonify (3), 1, S= and final (4), recipients through 3, 2, R= and 4; the first half of
/// S= and R= for the envelope, the second for header fields. Immutable; thread-safe.
/// </summary>
/// <remarks>
/// Envelope recipients were written this way when they were routed. What cannot be rewritten because a map cannot be asked now is a temporary failure; what is no address
/// stays as it is, as in sendmail.
/// </remarks>
/// <param name="senderMailer">The mailer that an address is for, for flag C; null: it is for none.</param>
public sealed class MailerRewriting(SiteRules rules, MailerDefinition mailer, Func<ReversePath, RewriteContext, CancellationToken, ValueTask<MailerDefinition?>>? senderMailer = null)
{
    /// <summary>sendmail 8.17, oracle 61, 14: whose addresses are rewritten, and as what. Return-Receipt-To is not among them.</summary>
    private static readonly FrozenSet<string> senderFields = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "From", "Sender", "Reply-To", "Errors-To", "Disposition-Notification-To", "Apparently-From", "Resent-From", "Resent-Sender", "Resent-Reply-To");

    private static readonly FrozenSet<string> recipientFields = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "To", "Cc", "Bcc", "Apparently-To", "Resent-To", "Resent-Cc", "Resent-Bcc");

    /// <summary>What the rulesets of one attempt see.</summary>
    public RewriteContext Begin(QueueEnvelope envelope, string host)
    {
        MacroTable macros = new(rules.Macros);
        foreach ((string name, string value) in envelope.Macros) macros.Set(name, value);
        macros.Set("f", envelope.ReversePath.Address);
        macros.Set("h", host);
        macros.Set("i", envelope.Id.Value);
        return rules.Begin(macros);
    }

    /// <summary><c>$g</c>: the envelope's sender for this mailer; for the null reverse-path who answers in its place (<c>$n</c>). Null: not now.</summary>
    public async ValueTask<string?> SenderAsync(ReversePath sender, RewriteContext context, CancellationToken cancellationToken)
    {
        string text = !sender.IsNull ? sender.Address : context.Macros.Value("n") is { } name ? MacroTemplate.Expand(name, context.Macros) : "MAILER-DAEMON";
        return await RewriteAsync(text, "e s", "1", mailer.SenderEnvelope, [], context, cancellationToken) is not { } rewritten ? null : rewritten.Length > 0 ? rewritten : text;
    }

    /// <summary>Rewrites the addresses of every field that holds some.</summary>
    /// <returns>False: not now; the section is half done and must not be used.</returns>
    public async ValueTask<bool> HeaderAsync(HeaderSection section, ReversePath sender, RewriteContext context, CancellationToken cancellationToken)
    {
        if (await DomainAsync(sender, context, cancellationToken) is not { } domain) return false;
        for (int i = 0; i < section.Count; i++)
        {
            HeaderField field = section[i];
            string name = field.Name;
            bool isSender = senderFields.Contains(name);
            if (!isSender && !recipientFields.Contains(name)) continue;
            List<string> addresses = [];
            foreach ((string before, string address, string after) in HeaderAddresses.Split(field.Text))
            {
                if (await AddressAsync(address, isSender, domain, context, cancellationToken) is not { } rewritten) return false;
                if (rewritten.Length > 0) addresses.Add(before + rewritten + after); // what the rulesets make nothing of is left out, as in sendmail
            }

            section.Replace(i, field.WithText(HeaderAddresses.Join(name, addresses, mailer.LineLimit)));
        }

        return true;
    }

    /// <summary>A name and comments stay around the address.</summary>
    private async ValueTask<string?> AddressAsync(string text, bool isSender, IReadOnlyList<string> domain, RewriteContext context, CancellationToken cancellationToken)
    {
        if (text.Length == 0) return text;
        string around = CrackedAddress.Of(text);
        int place = around.IndexOf("$g", StringComparison.Ordinal);
        if (place < 0) return text;
        string? rewritten = isSender
            ? await RewriteAsync(text, "h s", "1", mailer.SenderHeader, domain, context, cancellationToken)
            : await RewriteAsync(text, "h r", "2", mailer.RecipientHeader, domain, context, cancellationToken);
        return rewritten is null ? null : string.Concat(around.AsSpan(0, place), rewritten, around.AsSpan(place + 2));
    }

    private async ValueTask<string?> RewriteAsync(string text, string kind, string common, string? own, IReadOnlyList<string> domain, RewriteContext context, CancellationToken cancellationToken)
    {
        TokenizeResult read = rules.Tokenizer.Tokenize(text);
        if (read.Problems.Count > 0 || read.Tokens.Count == 0) return text;
        context.Macros.Set("addr_type", kind);
        Workspace workspace = new(read.Tokens);
        RewriteStatus status = await rules.Engine.RewriteAsync("3", workspace, context, cancellationToken);
        if (domain.Count > 0 && !workspace.Tokens.Contains("@", StringComparer.Ordinal)) workspace.Replace([.. workspace.Tokens, .. domain]);
        string[] rest = own is null || rules.Engine.Program.Find(own) is not { Number: > 0 } ? [common, "4"] : [common, own, "4"];
        foreach (string ruleset in rest)
        {
            if (status is RewriteStatus.Ok or RewriteStatus.Loop) status = await rules.Engine.RewriteAsync(ruleset, workspace, context, cancellationToken);
        }

        if (status == RewriteStatus.TemporaryFailure) return null;
        string result = status == RewriteStatus.Ok ? RuleText.Of(rules.Tokenizer, workspace.Tokens) : text;
        return result.AsSpan().ContainsAny('\r', '\n', '\0') ? text : result;
    }

    /// <summary>Flag C of the mailer that the sender is on: header addresses without a domain get his, <c>&lt;@domain&gt;</c> as canonify writes it. Null: not now.</summary>
    private async ValueTask<IReadOnlyList<string>?> DomainAsync(ReversePath sender, RewriteContext context, CancellationToken cancellationToken)
    {
        if (senderMailer is null || sender.IsNull || await senderMailer(sender, context, cancellationToken) is not { } from || !from.Has('C')) return [];
        TokenizeResult read = rules.Tokenizer.Tokenize(sender.Address);
        Workspace workspace = new(read.Tokens);
        RewriteStatus status = await rules.Engine.RewriteAsync("3", workspace, context, cancellationToken);
        if (status == RewriteStatus.TemporaryFailure) return null;
        int at = workspace.Tokens.ToList().LastIndexOf("@");
        return at > 0 && workspace.Tokens[at - 1] == "<" ? [.. workspace.Tokens.Skip(at - 1)] : [];
    }
}
