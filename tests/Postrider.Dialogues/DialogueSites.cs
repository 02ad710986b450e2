using Postrider.Mail;
using Postrider.Sendmail.Mc;
using Postrider.Smtp.Server;

namespace Postrider.Dialogues;

/// <summary>The sites that dialogues name.</summary>
internal static class DialogueSites
{
    private static readonly SmtpServerSettings Defaults = new() { HostName = "mx.example.com", Product = "Postrider 0.1.0" };

    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(typeof(DialogueSites).Assembly.Location)!, "sites");

    /// <summary>sites/classic-NAME.mc is compiled with the package sendmail-cf, so that its rules are sendmail's own: where SENDMAIL_CF points, where eng/peers.sh unpacks it, or where it installs itself.</summary>
    private static McLibrary Library(string name)
    {
        if (!name.StartsWith("classic", StringComparison.Ordinal)) return McLibrary.Builtin;
        string directory = Environment.GetEnvironmentVariable("SENDMAIL_CF") ?? "/opt/peers/sendmail-cf/usr/share/sendmail/cf";
        McLibrary library = Directory.Exists(directory) ? McLibrary.Installed(directory) : McLibrary.Find();
        return library.Directory is not null ? library : throw new InvalidOperationException("the package sendmail-cf is nowhere: run eng/peers.sh, or set SENDMAIL_CF");
    }

    /// <summary>sites/NAME.mc by the real path; what no configuration can ask for yet (a broken policy, a full queue, refused clients, lists), scripted.</summary>
    public static IDialogueSite Open(string name) => Path.Combine(Folder, name + ".mc") is var mc && File.Exists(mc) ? new ConfiguredSite(mc, Library(name)) : Scripted(name);

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
