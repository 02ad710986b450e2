namespace Postrider.Queue.Journal;

/// <summary>
/// The one thread that writes. It takes all that has collected, writes it with one call, syncs once for all of it, tells the index, and wakes those who wait;
/// meanwhile the next batch collects.
/// </summary>
/// <remarks>
/// Invariants: nothing is in the index before it is on stable storage (pieces of open drafts excepted); a file is never written again after one of its writes
/// or syncs failed; a segment begins only when the one before is whole on stable storage; old segments go in order, oldest first, so that the
/// record of an entry's end always outlives every record of the entry.
/// </remarks>
internal sealed class JournalWriter
{
    private const int MaxBatchOctets = 8 << 20;
    private const int MaxBatchOperations = 1024;
    private const int FreeSpaceInterval = 256;

    private readonly JournalStorage storage;
    private readonly JournalReclaim reclaim;
    private readonly JournalIndex index;
    private readonly object gate = new();
    private readonly Thread thread;
    private readonly byte[] batchRecord = new byte[RecordHeader.Octets];
    private readonly List<ReadOnlyMemory<byte>> pieces = [];
    private readonly List<JournalOperation> refused = [];
    private List<JournalOperation> incoming = [];
    private List<JournalOperation> batch = [];
    private int untilFreeSpace;
    private bool isNearlyFull;
    private bool stopping;
    private Exception? dead;

    public JournalWriter(JournalStorage storage, JournalReclaim reclaim, JournalIndex index)
    {
        (this.storage, this.reclaim, this.index) = (storage, reclaim, index);
        thread = new Thread(Work) { IsBackground = true, Name = "journal" };
    }

    public void Start() => thread.Start();

    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public void Submit(JournalOperation operation)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopping, typeof(JournalQueueStore));
            incoming.Add(operation);
            if (incoming.Count == 1) Monitor.Pulse(gate);
        }
    }

    /// <summary>Returns when all that was submitted is through.</summary>
    public Task StopAsync()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.Pulse(gate);
        }

        return Task.Run(thread.Join);
    }

    private void Work()
    {
        while (true)
        {
            lock (gate)
            {
                while (incoming.Count == 0 && !stopping && !reclaim.HasWork) Monitor.Wait(gate);
                if (incoming.Count == 0 && stopping) return;
                TakeBatch();
            }

            try
            {
                reclaim.AddTo(batch);
                RunBatch();
            }
            catch (Exception e)
            {
                // A mistake of ours, not of the disk: whoever waits must not wait for ever, and what is on the disk is not touched again.
                dead ??= e;
                FailBatch(new QueueStoreUnavailableException("the journal has stopped: " + e.Message, isDiskFull: false, e));
            }
        }
    }

    private void TakeBatch()
    {
        batch.Clear();
        int octets = 0;
        int count = 0;
        while (count < incoming.Count && count < MaxBatchOperations && octets < MaxBatchOctets) octets += incoming[count++].Octets;
        if (count == incoming.Count)
        {
            (batch, incoming) = (incoming, batch);
            return;
        }

        batch.AddRange(incoming.GetRange(0, count));
        incoming.RemoveRange(0, count);
    }

    private void RunBatch()
    {
        if (batch.Count == 0) return;
        if (dead is not null) throw dead;
        bool durable;
        try
        {
            storage.Prepare();
            RefuseWhatCannotBe();
            durable = Write();
            if (durable) storage.Sync();
        }
        catch (IOException e)
        {
            storage.Abandon();
            reclaim.Suspend();
            FailBatch(JournalStorage.Unavailable(e));
            return;
        }

        lock (index.Gate)
        {
            foreach (JournalOperation operation in batch) operation.Apply(index);
        }

        foreach (JournalOperation operation in batch)
        {
            operation.Release();
            operation.Complete();
        }

        if (durable) reclaim.Resume();
        storage.AfterBatch();
    }

    private bool Write()
    {
        if (batch.Count == 0) return false;
        Segment segment = storage.Current;
        long start = segment.Length;
        long offset = start;
        pieces.Clear();
        bool durable = batch.Exists(static o => o.IsDurable);
        if (durable)
        {
            pieces.Add(RecordHeader.Seal(batchRecord, 0, 0, storage.Mark, RecordType.Batch, (ulong)segment.Durable, 0));
            offset += RecordHeader.Octets;
        }

        foreach (JournalOperation operation in batch) operation.Place(segment, ref offset, pieces);
        segment.File.Write(pieces, start);
        segment.Length = offset;
        return durable;
    }

    /// <summary>A draft whose pieces were lost cannot be committed, and nothing new is taken while only the reserve is left.</summary>
    private void RefuseWhatCannotBe()
    {
        if (storage.Settings.ReservedOctets > 0 && --untilFreeSpace <= 0)
        {
            isNearlyFull = storage.Disk.FreeOctets < storage.Settings.ReservedOctets;
            untilFreeSpace = isNearlyFull ? 0 : FreeSpaceInterval;
        }

        refused.Clear();
        foreach (JournalOperation operation in batch)
        {
            QueueStoreUnavailableException? obstacle = operation.Obstacle;
            if (isNearlyFull && operation is ChunkOperation or TransactionOperation { OnlyCommits: true })
            {
                obstacle ??= isNearlyFull ? new QueueStoreUnavailableException("the disk is full but for the reserve", isDiskFull: true) : null;
            }

            if (obstacle is null) continue;
            refused.Add(operation);
            Fail(operation, obstacle);
        }

        if (refused.Count > 0) batch.RemoveAll(refused.Contains);
    }

    private void FailBatch(QueueStoreUnavailableException exception)
    {
        foreach (JournalOperation operation in batch) Fail(operation, exception);
        batch.Clear();
    }

    private void Fail(JournalOperation operation, QueueStoreUnavailableException exception)
    {
        lock (index.Gate) operation.Undo(index);
        operation.Release();
        operation.Fail(exception);
    }
}
