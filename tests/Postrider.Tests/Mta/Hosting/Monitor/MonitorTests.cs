using System.Collections.Immutable;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Mta.Hosting.Monitor;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;
using Postrider.Tests.Mta.Aliasing;

namespace Postrider.Tests.Mta.Hosting.Monitor;

/// <summary>Both sides of the channel in one process; what runs is a stand-in. The processes themselves: MailerLauncherTests and the end-to-end tests.</summary>
public sealed class MonitorTests
{
    private static readonly CancellationToken stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_goes_over_with_its_message_and_its_outcome_comes_back()
    {
        await using Pair pair = new(async (run, content, _) => new MailerExit(67, 0, $"{run.Mailer} {run.Controller} {string.Join(',', run.Users)} {run.Macros["g"]}: {await TextAsync(content)}"));
        MailerRun run = new() { Mailer = "local", Controller = "alice", Users = ["alice", "bob"], Macros = ImmutableDictionary<string, string>.Empty.Add("g", "a@b") };
        MailerExit exit = await pair.RunAsync(run, "the message");
        Assert.Equal(new MailerExit(67, 0, "local alice alice,bob a@b: the message"), exit);
    }

    [Fact]
    public async Task Many_runs_are_under_way_at_once_and_each_gets_its_own_answer()
    {
        await using Pair pair = new(async (run, content, token) =>
        {
            await Task.Delay(run.Users[0].Length % 7, token);
            return new MailerExit(0, 0, run.Users[0] + await TextAsync(content));
        });
        MailerExit[] exits = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i => await pair.RunAsync(new MailerRun { Mailer = "m", Users = [$"u{i} "] }, $"m{i}")));
        Assert.Equal(Enumerable.Range(0, 200).Select(static i => $"u{i} m{i}"), exits.Select(static exit => exit.Output));
    }

    [Fact]
    public async Task A_cancelled_run_is_cancelled_over_there()
    {
        TaskCompletionSource began = new();
        TaskCompletionSource ended = new();
        await using Pair pair = new(async (_, _, token) =>
        {
            began.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                ended.SetResult();
            }

            return MailerExit.NotRun("");
        });
        using CancellationTokenSource source = new();
        Task<MailerExit> run = pair.RunAsync(new MailerRun { Mailer = "m", Users = [] }, "", source.Token);
        await began.Task.WaitAsync(stop);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), stop);
    }

    [Fact]
    public async Task When_the_monitor_is_gone_runs_are_deferred()
    {
        TaskCompletionSource never = new();
        await using Pair pair = new(async (_, _, _) =>
        {
            await never.Task;
            return MailerExit.NotRun("");
        });
        Task<MailerExit> before = pair.RunAsync(new MailerRun { Mailer = "m", Users = [] }, "");
        pair.CloseServer();
        Assert.Equal("the monitor has gone", (await before).Trouble);
        Assert.Equal("the monitor has gone", (await pair.RunAsync(new MailerRun { Mailer = "m", Users = [] }, "")).Trouble);
        Assert.NotNull(await pair.Client.ReloadAsync(stop));
        never.SetResult();
    }

    [Fact]
    public async Task A_request_without_an_ordinary_file_runs_nothing()
    {
        await using Pair pair = new(static (_, _, _) => new(new MailerExit(0, 0, "")));
        using SafeFileHandle device = File.OpenHandle("/dev/null");
        MailerExit exit = await pair.Client.RunAsync(new MailerRun { Mailer = "m", Users = [] }, device, stop);
        Assert.Equal("the request brought no message", exit.Trouble);
    }

    [Fact]
    public async Task A_request_that_does_not_fit_into_a_message_is_not_sent()
    {
        await using Pair pair = new(static (_, _, _) => new(new MailerExit(0, 0, "")));
        MailerExit exit = await pair.RunAsync(new MailerRun { Mailer = "m", Users = [new string('u', MonitorChannel.MaxOctets)] }, "");
        Assert.Equal("the request is too long for the monitor", exit.Trouble);
    }

    /// <summary>The worker may be in a stranger's hands.</summary>
    [Fact]
    public async Task What_is_no_request_is_passed_over_and_the_next_one_is_served()
    {
        await using Pair pair = new(static (_, _, _) => new(new MailerExit(0, 0, "served")));
        byte[] good = new MonitorMessage(MonitorMessageKind.Run, 1) { Run = new MailerRun { Mailer = "m", Users = ["u"] } }.Encode();
        foreach (byte[] bad in (byte[][])[[], [0], [9, 0, 0, 0, 0], [1, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255], good[..^1], [.. good, 0], [1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 127]])
        {
            Assert.Null(MonitorMessage.Decode(bad));
            if (bad.Length > 0) Assert.True(await pair.SendRawAsync(bad));
        }

        Assert.Equal("served", (await pair.RunAsync(new MailerRun { Mailer = "m", Users = [] }, "")).Output);
    }

    [Fact]
    public async Task A_reload_is_answered_with_what_came_of_it()
    {
        await using Pair pair = new(static (_, _, _) => new(MailerExit.NotRun("")), static () => "sendmail.cf: line 3: nonsense");
        Assert.Equal("sendmail.cf: line 3: nonsense", await pair.Client.ReloadAsync(stop));
    }

    [Fact]
    public async Task Files_of_the_configurations_maps_are_opened_and_no_others()
    {
        string directory = SafePlace.Make();
        try
        {
            foreach (string name in (string[])["access.db", "words", "aliases.db", "secret"]) await File.WriteAllTextAsync(Path.Combine(directory, name), "in " + name, stop);
            Directory.CreateDirectory(Path.Combine(directory, "folder"));
            File.CreateSymbolicLink(Path.Combine(directory, "link.db"), Path.Combine(directory, "secret"));
            CfDocument site = CfDocument.Parse($"V10/Berkeley\nKaccess hash -T<TMPF> {directory}/access\nKwords text {directory}/words\nKfolder text {directory}/folder\nKlink hash {directory}/link\nKasked ldap -h {directory}/secret\n", "t.cf");
            MonitorFiles files = MonitorFiles.Of(site.Maps, [$"{directory}/aliases"]);
            await using Pair pair = new(static (_, _, _) => new(new MailerExit(0, 0, "")), door: files.Open);
            foreach ((string name, bool isOpened) in (IEnumerable<(string, bool)>)[("access.db", true), ("words", true), ("aliases.db", true), ("secret", false), ("folder", false), ("../etc/shadow", false), ("gone", false), ("link.db", false)])
            {
                using SafeFileHandle? file = pair.Client.Open($"{directory}/{name}");
                Assert.Equal(isOpened ? "in " + name : null, file is null ? null : await TextAsync(file));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<string> TextAsync(SafeFileHandle content)
    {
        byte[] octets = new byte[RandomAccess.GetLength(content)];
        await RandomAccess.ReadAsync(content, octets, 0);
        return Encoding.UTF8.GetString(octets);
    }

    private sealed class Pair : IAsyncDisposable
    {
        private readonly MonitorChannel ours;
        private readonly MonitorChannel theirs;
        private readonly Task serving;

        public Pair(Func<MailerRun, SafeFileHandle, CancellationToken, ValueTask<MailerExit>> run, Func<string?>? reload = null, FileDoor? door = null)
        {
            (ours, SafeFileHandle other) = MonitorChannel.Pair();
            theirs = MonitorChannel.Adopt((int)other.DangerousGetHandle());
            other.SetHandleAsInvalid();
            serving = new MonitorServer(theirs, new StandIn(run), reload ?? (static () => null), door ?? (static _ => null)).ServeAsync();
            Client = new MonitorClient(ours);
        }

        public MonitorClient Client { get; }

        public async Task<MailerExit> RunAsync(MailerRun run, string message, CancellationToken cancellationToken = default)
        {
            string path = Path.GetTempFileName();
            await File.WriteAllTextAsync(path, message, stop);
            using SafeFileHandle content = File.OpenHandle(path);
            File.Delete(path);
            return await Client.RunAsync(run, content, cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), stop);
        }

        public ValueTask<bool> SendRawAsync(byte[] octets) => ours.SendAsync(octets, null, stop);

        public void CloseServer() => theirs.Close();

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await serving.WaitAsync(TimeSpan.FromSeconds(10));
            theirs.Dispose();
        }
    }

    private sealed class StandIn(Func<MailerRun, SafeFileHandle, CancellationToken, ValueTask<MailerExit>> run) : IMailerRunner
    {
        public ValueTask<MailerExit> RunAsync(MailerRun request, SafeFileHandle content, CancellationToken cancellationToken) => run(request, content, cancellationToken);
    }
}
