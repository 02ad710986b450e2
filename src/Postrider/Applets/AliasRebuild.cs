using Postrider.Cli.Options;
using Postrider.Mta.Aliasing;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Posix;
using Postrider.Mta.Logging;
using Postrider.Mta.Routing;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Cli.Applets;

/// <summary><c>sendmail -bi</c>, <c>newaliases</c>: rebuilds the database of every alias file. For root and TrustedUser alone.</summary>
internal static class AliasRebuild
{
    private const int Alert = 1;
    private const int Critical = 2;
    private const int Notice = 5;
    private const int Information = 6;

    public static async Task<SysExit> RunAsync(AppletContext context, SendmailOptions options, LoadedSite site, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CfDocument? document = site.Configuration.Rules?.Document;
        using SyslogSink log = new(SyslogSink.DefaultPath, options.LogTag ?? "sendmail");
        SystemUser user = SystemUser.Current;
        if (user.Uid != 0 && document?.Option("TrustedUser")?.Value is var trusted && trusted != user.Name)
        {
            log.Write(context.Time.GetLocalNow(), Alert, $"user {user.Uid} attempted to rebuild the alias map");
            throw new UsageException("Permission denied (real uid not trusted)");
        }

        LocalNames local = new(site.Configuration.LocalDomains.Append(site.Configuration.HostName).Append("localhost"), []);
        AliasDatabaseBuilder builder = new(
            domain => local.Contains(domain),
            MapTool.Trust(document),
            document?.Options.Any(static option => option.Name == "DontBlameSendmail" && CfValue.List(option.Value).Contains("GroupWritableAliasFile", StringComparer.OrdinalIgnoreCase)) ?? false);
        SysExit exit = SysExit.Ok;
        foreach (MapSpec spec in site.Configuration.Aliases.Maps.Select(static map => MapSpec.Parse(map, "implicit")).OfType<MapSpec>())
        {
            string type = spec.Type == "files" ? "implicit" : spec.Type;
            if (type is not ("hash" or "btree" or "dbm" or "cdb" or "implicit")) continue;
            AliasRebuilding done = builder.Build(type, Path.GetFullPath(spec.Argument), context.Name);
            foreach (string line in done.Lines) await context.Output.WriteLineAsync(line);
            if (done.ExitStatus != 0) exit = (SysExit)done.ExitStatus;
            Log(log, context.Time, spec.Argument, done, user.Name);
        }

        return exit;
    }

    private static void Log(SyslogSink log, TimeProvider time, string file, AliasRebuilding done, string user)
    {
        if (done.IsRebuilt) log.Write(time.GetLocalNow(), Notice, $"alias database {file} rebuilt by {user}");
        foreach (string line in done.Lines.SkipLast(done.IsRebuilt ? 1 : 0))
        {
            // A warning is for whoever is there; the rest is for the log too.
            if (done.ExitStatus != 0 && !line.Contains("... Warning: ", StringComparison.Ordinal) && !line.StartsWith("WARNING: ", StringComparison.Ordinal)) log.Write(time.GetLocalNow(), Critical, $"NOQUEUE: SYSERR({user}): {line}");
        }

        if (done.IsRebuilt) log.Write(time.GetLocalNow(), Information, done.Lines[^1]);
    }
}
