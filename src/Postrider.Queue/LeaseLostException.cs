namespace Postrider.Queue;

/// <summary>The lease ran out and was taken over, or the entry is gone; nothing of the outcome was recorded. The delivery may be repeated by whoever holds the entry now.</summary>
public sealed class LeaseLostException(LeaseReceipt receipt) : Exception($"{receipt.Id}: lease lost")
{
    public LeaseReceipt Receipt { get; } = receipt;
}
