using Postrider.Queue.Journal;
using Postrider.Testing;

namespace Postrider.Queue.Conformance;

public sealed class JournalReaderTests
{
    private readonly ManualTimeProvider time = new();

    [Fact]
    public async Task A_reader_shows_what_a_dead_daemon_left_and_changes_nothing()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("postrider-queue-");
        JournalQueueStore store = await JournalQueueStore.OpenAsync(directory.FullName, null, time);
        QueueId first = await store.PutAsync(time, 5000, "a@example.org");
        QueueId second = await store.PutAsync(time, 200_000, "b@example.net");

        // The daemon still has it: the reader needs no lock, and sees what was committed.
        string[] before = Names(directory);
        using (JournalReader reader = JournalReader.Open(directory.FullName))
        {
            Assert.Equal([first, second], reader.List(QueueFilter.Everything).Select(e => e.Envelope.Id));
            Assert.Equal(second, Assert.Single(reader.List(new QueueFilter { RecipientContains = "example.net" })).Envelope.Id);
            using MemoryStream content = new();
            await using (Stream stream = reader.OpenContent(second)!) await stream.CopyToAsync(content);
            Assert.Equal(Messages.Content(second.Value, 200_000), content.ToArray());
            Assert.Null(reader.OpenContent(new QueueId("6ALC0000009999")));
        }

        Assert.Equal(before, Names(directory));
        await store.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public void A_directory_that_is_not_there_is_said_so() =>
        Assert.Throws<QueueStoreUnavailableException>(() => JournalReader.Open("/nonexistent/queue"));

    private static string[] Names(DirectoryInfo directory) => [.. directory.EnumerateFiles().Select(f => $"{f.Name} {f.Length}").Order(StringComparer.Ordinal)];
}
