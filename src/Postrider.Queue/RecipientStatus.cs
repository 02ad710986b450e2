namespace Postrider.Queue;

public enum RecipientStatus
{
    /// <summary>Not tried yet.</summary>
    Pending,

    /// <summary>Tried; will be tried again.</summary>
    Deferred,

    /// <summary>Final: taken by the next hop or the mailbox, or discarded on purpose.</summary>
    Done,

    /// <summary>Final: failed; the originator was told, or must not be.</summary>
    Failed,
}
