namespace Postrider.Mta.Delivery;

public enum OutcomeKind
{
    /// <summary>Final delivery into a mailbox.</summary>
    Delivered,

    /// <summary>Taken by the next hop, which does DSN itself (RFC 3461 §5.2.2).</summary>
    Relayed,

    /// <summary>Taken by a next hop without DSN: success notifications are ours to send.</summary>
    RelayedWithoutDsn,

    /// <summary>To be tried again.</summary>
    Deferred,

    /// <summary>Permanent.</summary>
    Failed,

    /// <summary>Dropped on purpose; nobody is told.</summary>
    Discarded,

    /// <summary>An alias became several recipients of the same entry.</summary>
    Expanded,

    /// <summary>A list with an owner became several recipients of the same entry.</summary>
    DeliveredToList,
}
