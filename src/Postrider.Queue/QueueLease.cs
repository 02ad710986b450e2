namespace Postrider.Queue;

/// <summary>The right to work on an entry until <paramref name="Until"/>.</summary>
public sealed record QueueLease(LeaseReceipt Receipt, QueueEntry Entry, DateTimeOffset Until);
