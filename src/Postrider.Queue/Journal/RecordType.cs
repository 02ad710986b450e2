namespace Postrider.Queue.Journal;

internal enum RecordType : byte
{
    /// <summary>A piece of content. Serial: whose; index: which piece.</summary>
    Chunk = 1,

    /// <summary>Parts (<see cref="PartKind"/>) that came into force together. Serial: 0.</summary>
    Transaction = 2,

    /// <summary>Stands before each synced batch. Serial: up to here this segment was on stable storage when the batch began, so that a hole before it is damage, not a torn tail.</summary>
    Batch = 3,

    /// <summary>Serial: all segments up to this number are dead and may be deleted; whatever of them is seen again is ignored.</summary>
    Trim = 4,

    /// <summary>Stands twice at the head of each segment. Serial: its number.</summary>
    Segment = 5,

    /// <summary>Head of a checkpoint. Serial: the segment, index: the offset in it, from which records are to be replayed.</summary>
    Checkpoint = 6,

    /// <summary>An entry in a checkpoint, with the places of its records.</summary>
    CheckpointEntry = 7,

    /// <summary>Content of an open draft in a checkpoint.</summary>
    CheckpointDraft = 8,

    /// <summary>End of a checkpoint. Serial: how many records stand between head and end.</summary>
    CheckpointEnd = 9,
}
