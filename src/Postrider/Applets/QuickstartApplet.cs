using System.Globalization;
using Postrider.Cli.Options;
using Postrider.Cli.Quickstart;
using Postrider.Mta.Hosting;

namespace Postrider.Cli.Applets;

/// <summary><c>postrider quickstart</c>: sets up a site of its own below <c>var/</c>, says what to try, and is its daemon until Ctrl-C. With <c>--demo</c> it tries it itself and ends.</summary>
internal static class QuickstartApplet
{
    private const string Usage = "postrider quickstart [--dir DIR] [--demo]";

    public static async Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken)
    {
        LongOptions options = LongOptions.Parse(context.Arguments, Usage, ["--dir"], ["--demo"]);
        if (options.Operands.Count > 0) throw new UsageException("usage: " + Usage);
        if (options.Has("--demo")) return await DemoApplet.RunAsync(context with { Arguments = options["--dir"] is { } dir ? ["--dir", dir] : [] }, cancellationToken);
        DemoSite site = await DemoSite.PrepareAsync(options["--dir"] ?? "var", QuickstartPorts.Default, context.Time, context.Output.WriteLine);
        DaemonOptions daemon = new() { LogTag = "postrider", UsesSyslog = false, Ready = () => Greet(context.Output, site) };
        using MailDaemon running = new(new FileSiteSource(site.ConfigurationFile, []), daemon, context.Time);
        return await running.RunAsync(cancellationToken);
    }

    private static void Greet(TextWriter output, DemoSite site)
    {
        QuickstartPorts ports = site.Ports;
        string password = site.NewPassword ?? "PASSWORD";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            Postrider runs as {Mta.Hosting.Posix.SystemUser.Current.Name}: {ports.Mta} (mail comes in), {ports.Submission} (submission: STARTTLS, then AUTH), {ports.Smtps} (TLS at once), on 127.0.0.1 and 127.0.0.2.
            Configuration {site.ConfigurationFile}, mailbox {site.Mailbox}/new, authority {site.AuthorityFile}.
            """));
        if (site.NewPassword is not null) output.WriteLine($"User {DemoSite.UserName}, password {site.NewPassword} (shown this once).");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            Try, in another terminal:
              swaks --server 127.0.0.1 --port {ports.Mta} --from you@example.org --to demo@localhost
              swaks --server 127.0.0.1 --port {ports.Submission} --tls --auth PLAIN --auth-user {DemoSite.UserName} --auth-password {password} --from demo@localhost --to demo@localhost
              swaks --server 127.0.0.1 --port {ports.Mta} --local-interface 127.0.0.2 --from you@example.org --to someone@example.net   # a stranger: 550 5.7.1 Relaying denied
            The queue: out/mailq -C {site.ConfigurationFile}        End: Ctrl-C

            """));
    }
}
