namespace Postrider.Queue.Journal;

/// <summary>Something in the journal that is not what was written: a disk that forgot or changed it. Never the torn end that a crash leaves.</summary>
/// <param name="File">In the queue directory.</param>
/// <param name="Offset">Where it begins, in octets.</param>
/// <param name="Octets">How much could not be read; 0 when not known.</param>
/// <param name="What">One line for the operator, with the ids that it hit, where they are known.</param>
public sealed record JournalDamage(string File, long Offset, long Octets, string What);
