namespace Postrider.Queue;

/// <summary>Proof of a lease: outcomes come with it and are refused when the lease was lost.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Token">Unique for each lease of the store's life, also across restarts.</param>
public readonly record struct LeaseReceipt(QueueId Id, ulong Token);
