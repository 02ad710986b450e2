namespace Postrider.Queue.Journal;

/// <summary>The phase that turns records into entries.</summary>
internal sealed partial class JournalLoader
{
    private void Apply(Segment segment, long offset, byte[] payload, bool mayBeUnfinished)
    {
        List<(PartKind Kind, int At, int Octets)> parts = [];
        RecordReader outer = new(payload);
        for (int at = 0; !outer.IsAtEnd;)
        {
            PartKind kind = (PartKind)outer.Byte();
            int octets = (int)outer.UInt32();
            _ = outer.Take(octets);
            parts.Add((kind, at + 5, octets));
            at += 5 + octets;
        }

        if (mayBeUnfinished && parts.Any(p => p.Kind == PartKind.Entry && !IsComplete(payload.AsSpan(p.At, p.Octets)))) return;
        foreach ((PartKind kind, int at, int octets) in parts)
        {
            RecordReader reader = new(payload.AsSpan(at, octets));
            switch (kind)
            {
                case PartKind.Entry:
                    TakeEntry(ref reader, new PartPlace(segment, octets));
                    break;
                case PartKind.State:
                    TakeState(ref reader, new PartPlace(segment, octets));
                    break;
                case PartKind.Gone:
                    entries.Remove(reader.UInt64());
                    break;
                default:
                    throw new InvalidDataException($"{segment.Name} at {offset}: a part of unknown kind {kind}");
            }
        }
    }

    /// <summary>Content and commit of a small message travel in one batch: after a crash the commit may be there without the content. It was not acknowledged then.</summary>
    private bool IsComplete(ReadOnlySpan<byte> part)
    {
        RecordReader reader = new(part);
        ulong serial = reader.UInt64();
        _ = reader.UInt32();
        uint chunks = reader.UInt32();
        long octets = reader.Int64();
        if (chunks == 0 || (contents.TryGetValue(serial, out LoadedContent? content) && content.IsComplete(chunks, octets))) return true;
        unfinished.Add(EntryCodec.ReadEnvelope(ref reader).Id);
        return false;
    }

    private void TakeEntry(ref RecordReader reader, PartPlace place)
    {
        ulong serial = reader.UInt64();
        uint version = reader.UInt32();
        uint chunks = reader.UInt32();
        long octets = reader.Int64();
        if (entries.TryGetValue(serial, out LoadedEntry? known) && known.Version > version)
        {
            known.EntryAt = place;
            return;
        }

        QueueEnvelope envelope = EntryCodec.ReadEnvelope(ref reader);
        QueueEntry snapshot = EntryCodec.ReadState(ref reader, envelope, octets);
        snapshot = snapshot with { Envelope = EntryCodec.ReadExpansion(ref reader, envelope) };
        entries[serial] = new LoadedEntry(serial, snapshot, version, chunks) { EntryAt = place };
    }

    private void TakeState(ref RecordReader reader, PartPlace place)
    {
        ulong serial = reader.UInt64();
        uint version = reader.UInt32();
        if (!entries.TryGetValue(serial, out LoadedEntry? entry) || version < entry.Version) return;
        entry.Snapshot = EntryCodec.ReadState(ref reader, entry.Snapshot.Envelope, entry.Snapshot.ContentOctets);
        entry.Version = version;
        entry.StateAt = place;
    }

    /// <summary>A checkpoint that cannot be read whole is not used at all.</summary>
    private void LoadCheckpoint()
    {
        using IJournalFile file = disk.Open(Checkpoint.Name, writable: false);
        byte[] head = new byte[RecordHeader.Octets];
        if (file.Read(head, 0) < head.Length || !RecordHeader.TryRead(head, Mark, out RecordHeader header) || header.Type != RecordType.Checkpoint)
        {
            CheckpointUnusable();
            return;
        }

        using JournalScanner scanner = new(file, 0, file.Length, header.Mark);
        ulong count = 0;
        bool complete = false;
        while (scanner.MoveNext() && scanner.Holes.Count == 0)
        {
            RecordReader reader = new(scanner.Payload.Span);
            switch (scanner.Header.Type)
            {
                case RecordType.Checkpoint:
                    from = (scanner.Header.Serial, scanner.Header.Index);
                    Epoch = Math.Max(Epoch, reader.UInt64());
                    TrimmedUpTo = Math.Max(TrimmedUpTo, reader.UInt64());
                    break;
                case RecordType.CheckpointEntry:
                    TakeCheckpointEntry(ref reader, scanner.Header.Serial);
                    count++;
                    break;
                case RecordType.CheckpointDraft:
                    TakePlaces(ref reader, scanner.Header.Serial);
                    count++;
                    break;
                case RecordType.CheckpointEnd:
                    complete = scanner.Header.Serial == count;
                    break;
            }
        }

        LastNumber = Math.Max(LastNumber, from.Segment);
        Mark ??= header.Mark;
        if (complete && scanner.Holes.Count == 0) return;
        CheckpointUnusable();
    }

    private void CheckpointUnusable()
    {
        entries.Clear();
        contents.Clear();
        from = default;
        damage.Add(new JournalDamage(Checkpoint.Name, 0, 0, "the checkpoint cannot be read; everything is read from the segments instead"));
    }

    private void TakeCheckpointEntry(ref RecordReader reader, ulong serial)
    {
        (ulong entryAt, uint entryOctets) = (reader.UInt64(), reader.UInt32());
        (ulong stateAt, uint stateOctets) = (reader.UInt64(), reader.UInt32());
        TakePlaces(ref reader, serial);
        _ = reader.Byte();
        _ = reader.UInt32();
        TakeEntry(ref reader, new PartPlace(segments.GetValueOrDefault(entryAt), (int)entryOctets));
        entries[serial].EntryNumber = entryAt;
        if (stateAt != 0) entries[serial].StateAt = new PartPlace(segments.GetValueOrDefault(stateAt), (int)stateOctets);
    }

    private void TakePlaces(ref RecordReader reader, ulong serial)
    {
        uint count = reader.UInt32();
        LoadedContent content = ContentOf(serial);
        for (int i = 0; i < count; i++)
        {
            ChunkPlace place = new(segments.GetValueOrDefault(reader.UInt64()), reader.UInt32(), (int)reader.UInt32());
            content.Put(i, place);
        }
    }

    /// <summary>What is left are entries; each gets its pieces, and damage is said and quarantined.</summary>
    private void Settle()
    {
        foreach (LoadedEntry loaded in entries.Values)
        {
            bool known = loaded.EntryAt.Segment is { } home && segments.ContainsKey(home.Number);
            if (!known)
            {
                // Its envelope stood in a segment that was trimmed, and was not copied: it had ended. The checkpoint is older than that.
                if (loaded.EntryNumber <= TrimmedUpTo) continue;
                loaded.EntryAt = default;
                damage.Add(new JournalDamage(Segment.NameOf(loaded.EntryNumber), 0, 0, $"{loaded.Snapshot.Envelope.Id}: the segment is missing; the envelope is known from the checkpoint"));
            }

            Entries.Add(Finish(loaded));
        }

        Entries.Sort(static (a, b) => a.Serial.CompareTo(b.Serial));
    }

    private JournalEntry Finish(LoadedEntry loaded)
    {
        ChunkPlace[] chunks = contents.TryGetValue(loaded.Serial, out LoadedContent? content) ? content.Take(loaded.Chunks) : new ChunkPlace[loaded.Chunks];
        QueueEntry snapshot = loaded.Snapshot;
        for (int i = 0; i < chunks.Length; i++)
        {
            if (chunks[i].Segment is { } segment && segments.ContainsKey(segment.Number)) continue;
            chunks[i] = default;
            string what = $"{snapshot.Envelope.Id}: piece {i} of {chunks.Length} of its content is lost; it is quarantined";
            damage.Add(new JournalDamage(loaded.EntryAt.Segment?.Name ?? "", 0, 0, what));
            snapshot = snapshot with { Quarantine = snapshot.Quarantine ?? "content damaged on disk" };
        }

        if (loaded.StateAt.Segment is { } stateHome && !segments.ContainsKey(stateHome.Number)) loaded.StateAt = default;
        JournalEntry entry = new(loaded.Serial, snapshot)
        {
            Version = loaded.Version,
            Chunks = chunks,
            EntryAt = loaded.EntryAt,
            StateAt = loaded.StateAt,
            IsCommitted = true,
        };
        entry.EntryAt.Live();
        entry.StateAt.Live();
        foreach (ChunkPlace chunk in chunks) chunk.Segment?.Live(chunk.RecordOctets);
        return entry;
    }
}
