using Postrider.Mail;
using Postrider.Smtp.Server;

namespace Postrider.Dialogues;

/// <summary>The sites that dialogues name.</summary>
internal static class DialogueSites
{
    private static readonly SmtpServerSettings Defaults = new() { HostName = "mx.example.com", Product = "Postrider 0.1.0" };

    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(typeof(DialogueSites).Assembly.Location)!, "sites");

    /// <summary>sites/NAME.mc by the real path; what no configuration can ask for yet (a broken policy, a full queue, refused clients, lists), scripted.</summary>
    public static IDialogueSite Open(string name) => Path.Combine(Folder, name + ".mc") is var mc && File.Exists(mc) ? new ConfiguredSite(mc) : Scripted(name);

    private static ScriptedSite Scripted(string name) => name switch
    {
        "refuses-client" => new ScriptedSite(Defaults) { ConnectRefusal = SmtpReply.Of(550, "5.7.1", "Access denied") },
        "busy" => new ScriptedSite(Defaults) { ConnectRefusal = SmtpReply.Of(421, "4.3.2", "Too many open connections.") },
        "expands-staff" => new ScriptedSite(Defaults),
        "broken-policy" => new ScriptedSite(Defaults) { IsBroken = true },
        "queue-full" => new ScriptedSite(Defaults) { DataReply = SmtpReply.Of(452, "4.3.1", "Out of queue space; try again later") },
        "answers-early" => new ScriptedSite(Defaults) { DataReply = SmtpReply.Of(550, "5.7.1", "Content refused"), AnswersEarly = true },
        _ => throw new ArgumentException("no such site: " + name, nameof(name)),
    };
}
