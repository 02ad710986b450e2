using Postrider.Smtp.Sasl;
using Postrider.Smtp.Server;

namespace Postrider.Dialogues;

/// <summary>The sites that dialogues name.</summary>
internal static class DialogueSites
{
    private static readonly SmtpServerSettings Defaults = new() { HostName = "mx.example.com", Product = "Postrider 0.1.0" };

    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(typeof(DialogueSites).Assembly.Location)!, "sites");

    /// <summary>sites/NAME.mc by the real path; what no configuration can ask for (a broken policy, a full queue, clear-text passwords), scripted.</summary>
    public static IDialogueSite Open(string name) => Path.Combine(Folder, name + ".mc") is var mc && File.Exists(mc) ? new ConfiguredSite(mc) : Scripted(name);

    private static ScriptedSite Scripted(string name) => name switch
    {
        "bad-rcpts" => new ScriptedSite(Defaults with { BadRcptThrottle = 2, BadRcptShutdown = 4 }),
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
        "expands-staff" => new ScriptedSite(Defaults),
        "broken-policy" => new ScriptedSite(Defaults) { IsBroken = true },
        "queue-full" => new ScriptedSite(Defaults) { DataReply = Mail.SmtpReply.Of(452, "4.3.1", "Out of queue space; try again later") },
        "answers-early" => new ScriptedSite(Defaults) { DataReply = Mail.SmtpReply.Of(550, "5.7.1", "Content refused"), AnswersEarly = true },
        _ => throw new ArgumentException("no such site: " + name, nameof(name)),
    };
}
