using Postrider.Cli.Applets;
using Postrider.Cli.Options;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Monitor;

namespace Postrider.Cli;

/// <summary>Every name the binary answers to.</summary>
internal static class AppletTable
{
    public static IReadOnlyList<Applet> All { get; } =
    [
        new("sendmail", "daemon, submission, queue: sendmail's command line", SendmailApplet.RunAsync),
        new("smtpd", "sendmail -bd", (context, cancellation) => SendmailApplet.RunAsync(context, OperationMode.Daemon, cancellation)),
        new("mailq", "lists the queue (sendmail -bp)", (context, cancellation) => SendmailApplet.RunAsync(context, OperationMode.ListQueue, cancellation)),
        new("newaliases", "rebuilds the alias databases (sendmail -bi)", (context, cancellation) => SendmailApplet.RunAsync(context, OperationMode.InitializeAliases, cancellation)),
        new("makemap", "builds a map from standard input, or lists one", MakemapApplet.RunAsync),
        new("editmap", "asks, sets or takes out one key of a map", EditmapApplet.RunAsync),
        new("praliases", "prints the alias databases", PraliasesApplet.RunAsync),
        Applet.NotServed("hoststat", "prints host status"),
        Applet.NotServed("purgestat", "purges host status"),
        Applet.NotServed("smrsh", "restricted shell"),
        new("build", "compiles sendmail.mc and prints sendmail.cf", BuildApplet.RunAsync),
        new("check", "reads a configuration and reports every fault in it", CheckApplet.RunAsync),
        new("passwd", "adds, changes, deletes, lists users of the user store", PasswdApplet.RunAsync),
        new("cert", "makes a certificate authority and certificates", CertApplet.RunAsync),
        new("queue", "lists, holds, releases, deletes, runs queue entries", QueueApplet.RunAsync),
        new("quickstart", "sets up a demo site and runs it (make run)", QuickstartApplet.RunAsync),
        new("demo", "the same, ends by itself after one message (make demo)", DemoApplet.RunAsync),
        new(MonitorProcess.Name, "runs mailers' programs as their users; the daemon calls it", static (context, _) => MonitorProcess.RunAsync(context.Arguments, context.Time)),
        new(MailerChild.Name, "becomes a mailer's program; the daemon calls it", static (_, _) => Task.FromResult(MailerChild.Run())),
        new("help", "prints this table", HelpAsync),
    ];

    /// <param name="invokedAs">The name the program was called by.</param>
    public static (Applet Applet, IReadOnlyList<string> Arguments) Choose(string invokedAs, IReadOnlyList<string> arguments)
    {
        if (Find(invokedAs) is { } byName) return (byName, arguments);
        if (arguments.Count == 0 || arguments[0] is "--help" or "-h") return (Find("help")!, []);
        if (Find(arguments[0]) is { } byArgument) return (byArgument, [.. arguments.Skip(1)]);
        string unknown = arguments[0];
        return (new Applet("postrider", "", (_, _) => throw new UsageException($"postrider: no applet '{unknown}'; 'postrider help' lists them")), []);
    }

    public static Applet? Find(string name) => All.FirstOrDefault(applet => applet.Name.Equals(name, StringComparison.Ordinal));

    private static async Task<SysExit> HelpAsync(AppletContext context, CancellationToken cancellationToken)
    {
        await context.Output.WriteLineAsync("usage: postrider APPLET [argument]...   (or call it by a link named as the applet)\n");
        foreach (Applet applet in All) await context.Output.WriteLineAsync($"  {applet.Name,-12}{applet.Summary}");
        return SysExit.Ok;
    }
}
