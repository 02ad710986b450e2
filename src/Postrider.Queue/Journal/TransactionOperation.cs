namespace Postrider.Queue.Journal;

/// <summary>One record, all or nothing: drafts that become entries, and at most one entry that changes or goes.</summary>
internal sealed class TransactionOperation : JournalOperation
{
    private readonly RecordWriter writer = new(512);
    private readonly CommitPart[] commits;
    private readonly JournalEntry? changed;
    private readonly QueueEntry? after;
    private readonly bool endsLease;
    private int statePart;
    private Segment? placed;
    private TaskCompletionSource? settled;

    public TransactionOperation(CommitPart[] commits) => this.commits = commits;

    /// <param name="changed">Reserve it by <see cref="JournalEntry.Changing"/> before.</param>
    /// <param name="after">Its next state; null: it goes.</param>
    public TransactionOperation(JournalEntry changed, QueueEntry? after, bool endsLease, CommitPart[] commits) : this(commits)
    {
        this.changed = changed;
        this.after = after;
        this.endsLease = endsLease;
    }

    public override bool IsDurable => true;

    public override int Octets
    {
        get
        {
            int octets = writer.Length;
            foreach (CommitPart commit in commits) octets += commit.PieceOctets;
            return octets;
        }
    }

    /// <summary>A message cannot come into being when a piece of it was lost, nor when only the reserve is left.</summary>
    public override QueueStoreUnavailableException? Obstacle
    {
        get
        {
            foreach (CommitPart commit in commits)
            {
                if (commit.Draft.HasLostPieces) return new QueueStoreUnavailableException("content written before could not be brought to stable storage", isDiskFull: false);
            }

            return null;
        }
    }

    /// <summary>Takes new messages and nothing else: refused when only the reserve is left on the disk.</summary>
    public bool OnlyCommits => changed is null;

    public void Encode(ulong mark)
    {
        int record = writer.BeginRecord();
        uint parts = 0;
        foreach (CommitPart commit in commits)
        {
            commit.Encode(writer);
            parts++;
        }

        if (changed is not null)
        {
            int part = writer.BeginPart(after is null ? PartKind.Gone : PartKind.State);
            writer.UInt64(changed.Serial);
            if (after is not null)
            {
                writer.UInt32(changed.Version + 1);
                EntryCodec.WriteState(writer, after);
            }

            statePart = writer.EndPart(part);
            parts++;
        }

        writer.EndRecord(record, mark, RecordType.Transaction, 0, parts);
    }

    public override void Place(Segment segment, ref long offset, List<ReadOnlyMemory<byte>> pieces)
    {
        placed = segment;
        foreach (CommitPart commit in commits) commit.PlaceLastPiece(segment, ref offset, pieces);
        pieces.Add(writer.Written);
        offset += writer.Length;
    }

    public override void Apply(JournalIndex index)
    {
        foreach (CommitPart commit in commits) commit.Apply(index, placed!);
        if (changed is null) return;
        changed.Changing = null;
        changed.StateAt.Dead();
        if (after is null)
        {
            changed.EntryAt.Dead();
            foreach (ChunkPlace chunk in changed.Chunks) chunk.Segment?.Dead(chunk.RecordOctets);
            changed.IsCommitted = false;
            index.Forget(changed);
        }
        else
        {
            changed.StateAt = new PartPlace(placed, statePart);
            changed.StateAt.Live();
            changed.Snapshot = after;
            changed.Version++;
            if (endsLease) changed.LeaseToken = 0;
            index.Settle(changed);
        }

        settled?.SetResult();
    }

    public override void Undo(JournalIndex index)
    {
        foreach (CommitPart commit in commits) commit.Undo(index);
        if (changed is null) return;
        changed.Changing = null;
        index.Settle(changed);
        settled?.SetResult();
    }

    public override void Release()
    {
        writer.Return();
        foreach (CommitPart commit in commits) commit.Draft.ReturnBuffer();
    }

    /// <summary>Completes when the change is through, well or not. Under the gate.</summary>
    public Task WhenSettled() => (settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}
