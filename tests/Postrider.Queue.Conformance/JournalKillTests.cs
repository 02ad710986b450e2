using System.Diagnostics;
using System.Globalization;
using Postrider.Queue.Journal;

namespace Postrider.Queue.Conformance;

/// <summary>A process that commits and delivers as fast as it can is killed with SIGKILL, again and again, on the same directory.</summary>
public sealed class JournalKillTests
{
    private const int Rounds = 10;

    [Fact]
    public async Task Whatever_a_killed_process_had_acknowledged_is_there_and_nothing_it_had_ended_comes_back()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("postrider-kill-");
        Random random = new(20261121);
        Dictionary<string, int> there = new(StringComparer.Ordinal);
        HashSet<string> gone = new(StringComparer.Ordinal);
        HashSet<string> maybe = new(StringComparer.Ordinal);
        int acknowledged = 0;
        for (int round = 0; round < Rounds; round++)
        {
            acknowledged += await RunAndKillAsync(directory.FullName, random.Next(1, 3000), there, gone, maybe);
            await using JournalQueueStore store = await JournalQueueStore.OpenAsync(directory.FullName, null, TimeProvider.System);
            Assert.True(store.Recovery.Damage.IsEmpty, string.Join("; ", store.Recovery.Damage));
            HashSet<string> found = [.. (await store.ListAsync(QueueFilter.Everything, CancellationToken.None)).Select(e => e.Envelope.Id.Value)];
            foreach ((string id, int octets) in there)
            {
                Assert.True(found.Contains(id) || maybe.Contains(id), $"round {round}: {id} was acknowledged and is lost");
                if (!found.Contains(id)) continue;
                byte[]? content = await store.ReadAsync(new QueueId(id));
                Assert.True(content!.AsSpan().SequenceEqual(Messages.Content(id, octets)), $"round {round}: {id}: the content is not what was committed");
            }

            foreach (string id in gone) Assert.False(found.Contains(id), $"round {round}: {id} had been delivered, and is back");
            foreach (string id in maybe.Where(i => !found.Contains(i))) there.Remove(id);
            maybe.Clear();
        }

        Assert.True(acknowledged > 500, $"only {acknowledged} messages were acknowledged in {Rounds} rounds");
        directory.Delete(recursive: true);
    }

    /// <returns>How many commits were acknowledged.</returns>
    private static async Task<int> RunAndKillAsync(string directory, int lines, Dictionary<string, int> there, HashSet<string> gone, HashSet<string> maybe)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "Postrider.Queue.KillTarget")) { RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(directory);
        using Process process = Process.Start(start)!;
        int count = 0;
        int put = 0;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (++count == lines) process.Kill();

            // What it said before it died is in the pipe, and is read to the end. A last line may be cut.
            string[] words = line.Split(' ');
            if (words is ["put", { Length: 14 } id, var octets])
            {
                // Another of its writers may have taken and ended the entry before this line was written.
                if (!gone.Contains(id)) there[id] = int.Parse(octets, CultureInfo.InvariantCulture);
                put++;
            }
            else if (words is ["going", { Length: 14 } going]) maybe.Add(going);
            else if (words is ["gone", { Length: 14 } ended])
            {
                gone.Add(ended);
                maybe.Remove(ended);
                there.Remove(ended);
            }
        }

        await process.WaitForExitAsync();
        return put;
    }
}
