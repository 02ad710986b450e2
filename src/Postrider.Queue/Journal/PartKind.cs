namespace Postrider.Queue.Journal;

/// <summary>What a transaction consists of.</summary>
internal enum PartKind : byte
{
    /// <summary>An entry whole: envelope, content's shape and state. A commit, or a copy of a survivor.</summary>
    Entry = 1,

    /// <summary>The changed state of an entry; replaces the one before.</summary>
    State = 2,

    /// <summary>The entry is gone.</summary>
    Gone = 3,
}
