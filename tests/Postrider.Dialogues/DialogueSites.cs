using Postrider.Smtp.Sasl;
using Postrider.Smtp.Server;

namespace Postrider.Dialogues;

/// <summary>The sites that dialogues name.</summary>
internal static class DialogueSites
{
    private static readonly SmtpServerSettings Defaults = new() { HostName = "mx.example.com", Product = "Postrider 0.1.0" };

    public static IDialogueSite Open(string name) => name switch
    {
        "defaults" => new ScriptedSite(Defaults),
        "size-2000" => new ScriptedSite(Defaults with { MaxMessageSize = 2000 }),
        "size-100000" => new ScriptedSite(Defaults with { MaxMessageSize = 100_000 }),
        "rcpts-3" => new ScriptedSite(Defaults with { MaxRecipients = 3 }),
        "bad-rcpts" => new ScriptedSite(Defaults with { BadRcptThrottle = 2, BadRcptShutdown = 4 }),
        "goaway" => new ScriptedSite(Defaults with
        {
            Privacy = SmtpPrivacy.NeedMailHelo | SmtpPrivacy.NeedExpnHelo | SmtpPrivacy.NeedVrfyHelo | SmtpPrivacy.NoExpn | SmtpPrivacy.NoVrfy | SmtpPrivacy.NoVerb | SmtpPrivacy.NoReflection,
        }),
        "needhelo" => new ScriptedSite(Defaults with { Privacy = SmtpPrivacy.NeedMailHelo | SmtpPrivacy.NeedExpnHelo | SmtpPrivacy.NeedVrfyHelo }),
        "noreceipts" => new ScriptedSite(Defaults with { Privacy = SmtpPrivacy.NoReceipts | SmtpPrivacy.NoEtrn }),
        "reject-nul" => new ScriptedSite(Defaults with { RejectNul = true }),
        "deliverby-60" => new ScriptedSite(Defaults with { DeliverByMin = 60 }),
        "tls" => new ScriptedSite(Defaults) { HasTls = true },
        "smtps" => new ScriptedSite(Defaults) { HasTls = true, Listener = new ListenerFacts("SMTPS", null) { IsImplicitTls = true } },
        "tls-not-offered" => new ScriptedSite(Defaults) { HasTls = true, Listener = new ListenerFacts("MTA", null) { NoStartTls = true } },
        "auth" => new ScriptedSite(Defaults) { HasTls = true, Sasl = new SaslServerSettings { PlainInClear = true } },
        "auth-under-tls" => new ScriptedSite(Defaults) { HasTls = true, Sasl = new SaslServerSettings() },
        "submission" => new ScriptedSite(Defaults)
        {
            HasTls = true,
            Sasl = new SaslServerSettings { PlainInClear = true },
            Listener = new ListenerFacts("MSA", null) { RequiresAuth = true, NoEtrn = true },
        },
        "auth-store-down" => new ScriptedSite(Defaults) { Sasl = new SaslServerSettings { PlainInClear = true }, HasCredentials = false },
        "refuses-client" => new ScriptedSite(Defaults) { ConnectRefusal = Mail.SmtpReply.Of(550, "5.7.1", "Access denied") },
        "busy" => new ScriptedSite(Defaults) { ConnectRefusal = Mail.SmtpReply.Of(421, "4.3.2", "Too many open connections.") },
        "broken-policy" => new ScriptedSite(Defaults) { IsBroken = true },
        "queue-full" => new ScriptedSite(Defaults) { DataReply = Mail.SmtpReply.Of(452, "4.3.1", "Out of queue space; try again later") },
        "answers-early" => new ScriptedSite(Defaults) { DataReply = Mail.SmtpReply.Of(550, "5.7.1", "Content refused"), AnswersEarly = true },
        "mta" => new MtaSite { AcceptsUnresolvable = true },
        "mta-dns" => new MtaSite(),
        "mta-trusts-plain" => new MtaSite { AcceptsUnresolvable = true, TrustedMechanism = "PLAIN" },
        "mta-relay-domain" => new MtaSite { AcceptsUnresolvable = true, RelayDomain = "example.org" },
        _ => throw new ArgumentException("no such site: " + name, nameof(name)),
    };
}
