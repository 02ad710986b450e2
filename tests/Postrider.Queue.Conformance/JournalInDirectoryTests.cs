using Postrider.Queue.Journal;

namespace Postrider.Queue.Conformance;

/// <summary>The law, for the journal in a directory, with segments so small that it rolls, checkpoints and reclaims all the time.</summary>
public sealed class JournalInDirectoryTests : QueueStoreLaws
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("postrider-queue-");

    protected override async Task<IQueueStore> OpenAsync() =>
        await JournalQueueStore.OpenAsync(directory.FullName, new JournalSettings { SegmentOctets = 16 << 10 }, Time);

    protected override ValueTask CleanAsync()
    {
        directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
