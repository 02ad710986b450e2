using System.Net.Sockets;
using System.Text;
using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

/// <summary>What was answered 250 is there afterwards: after kill -9 under load, and never with a full disk.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task Every_message_answered_250_survives_kill_9_under_load()
    {
        await using TestSite site = await TestSite.CreateAsync();
        SortedSet<string> acknowledged = new(StringComparer.Ordinal);
        for (int round = 0; round < 5; round++)
        {
            Daemon daemon = await site.StartAsync();
            using CancellationTokenSource end = new();
            int acknowledgedBefore = acknowledged.Count;
            Task[] clients = [.. Enumerable.Range(0, 16).Select(client => Task.Run(() => LoadAsync(site.Port, $"r{round}c{client}", acknowledged, end.Token)))];
            await Patiently.UntilAsync(() => { lock (acknowledged) return acknowledged.Count >= acknowledgedBefore + 300; });
            daemon.Kill();
            await end.CancelAsync();
            await Task.WhenAll(clients);
            await daemon.DisposeAsync();
        }

        await using Daemon last = await site.StartAsync();
        Assert.True(acknowledged.Count >= 1500, $"only {acknowledged.Count} messages were acknowledged");
        HashSet<string> delivered = new(StringComparer.Ordinal);
        await Patiently.UntilAsync(() =>
        {
            delivered = [.. site.Mailbox("bob").Select(SubjectOf)];
            return acknowledged.IsSubsetOf(delivered);
        });
        string[] lost = [.. acknowledged.Except(delivered, StringComparer.Ordinal)];
        Assert.True(lost.Length == 0, $"{lost.Length} of {acknowledged.Count} acknowledged messages are lost: {string.Join(' ', lost.Take(5))}\n{last.Log}");
    }

    [Fact]
    public async Task Full_disk_is_answered_452_and_never_250()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small file system needs root");
        Command.Require("mount", "umount");
        string small = Directory.CreateDirectory($"/var/tmp/postrider-small-{Guid.NewGuid():N}").FullName;
        Command mounted = await Command.RunAsync("mount", "-t", "tmpfs", "-o", "size=24m,mode=755", "tmpfs", small);
        Assert.SkipUnless(mounted.ExitCode == 0, "mounting a tmpfs is not allowed here");
        try
        {
            await using TestSite site = await TestSite.CreateAsync(smartHost: "[127.0.0.1]:1", queueDirectory: small + "/queue");
            await using Daemon daemon = await site.StartAsync();
            List<string> replies = [];
            for (int i = 0; i < 60 && replies.Count(reply => reply.StartsWith('4')) < 3; i++) replies.Add(await SendLoggedAsync(daemon, site.Port, $"fill {i}"));
            Assert.Contains(replies, reply => reply.StartsWith("452 4.3.1", StringComparison.Ordinal));
            Assert.All(replies, reply => Assert.True(reply.StartsWith("250 2.0.0", StringComparison.Ordinal) || reply.StartsWith("452 4.3.1", StringComparison.Ordinal) || reply.StartsWith("452 4.4.5", StringComparison.Ordinal) || reply.StartsWith("451 4.3.0", StringComparison.Ordinal), reply));
            int accepted = replies.Count(reply => reply.StartsWith('2'));
            Command queue = await site.SendmailAsync("", "-bp");
            Assert.Contains($"Total requests: {accepted}", queue.Output, StringComparison.Ordinal);
        }
        finally
        {
            await Command.RunAsync("umount", "-l", small);
            Directory.Delete(small);
        }
    }

    private static async Task<string> SendLoggedAsync(Daemon daemon, int port, string subject)
    {
        try
        {
            return await SendOneAsync(port, "x@elsewhere.example", subject, 1_000_000);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"the session ended without a reply (daemon ended: {daemon.HasExited})\n" + daemon.Log, e);
        }
    }

    private static string SubjectOf(string path) => File.ReadLines(path).First(line => line.StartsWith("Subject: ", StringComparison.Ordinal))[9..];

    private static async Task LoadAsync(int port, string name, SortedSet<string> acknowledged, CancellationToken end)
    {
        try
        {
            for (int i = 0; !end.IsCancellationRequested; i++)
            {
                string subject = $"{name}m{i}";
                if ((await SendOneAsync(port, "bob@example.com", subject, 2000)).StartsWith("250", StringComparison.Ordinal))
                {
                    lock (acknowledged) acknowledged.Add(subject);
                }
            }
        }
        catch (IOException)
        {
            // The daemon was killed.
        }
        catch (SocketException)
        {
            // The daemon was killed.
        }
    }

    /// <summary>Sends one message and gives the reply to the final dot, or the first refusal.</summary>
    private static async Task<string> SendOneAsync(int port, string to, string subject, int octets)
    {
        using TcpClient client = new("127.0.0.1", port) { NoDelay = true };
        using StreamReader reader = new(client.GetStream(), Encoding.Latin1);
        await ReplyAsync(reader);
        string reply = "";
        foreach (string command in new[] { "HELO load.example", "MAIL FROM:<s@example.net>", $"RCPT TO:<{to}>", "DATA" })
        {
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(command + "\r\n"));
            reply = await ReplyAsync(reader);
            if (reply[0] is '4' or '5') return reply;
        }

        string body = string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", octets / 72));
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"Subject: {subject}\r\n\r\n{body}.\r\n"));
        return await ReplyAsync(reader);
    }

    private static async Task<string> ReplyAsync(StreamReader reader)
    {
        while (true)
        {
            string line = await reader.ReadLineAsync() ?? throw new IOException("connection closed");
            if (line.Length < 4 || line[3] != '-') return line;
        }
    }
}
