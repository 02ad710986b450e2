using Postrider.Queue.Journal;
using Postrider.Testing;

namespace Postrider.Queue.Conformance;

/// <summary>The law, for the journal on a disk in memory.</summary>
public sealed class JournalInMemoryTests : QueueStoreLaws
{
    private readonly MemoryJournalDisk disk = new();

    protected override async Task<IQueueStore> OpenAsync() => await JournalQueueStore.OpenAsync(disk, null, Time);
}
