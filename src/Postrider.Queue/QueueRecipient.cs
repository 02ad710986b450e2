using Postrider.Mail;

namespace Postrider.Queue;

/// <summary>One recipient of an envelope. Its number is its place in <see cref="QueueEnvelope.Recipients"/>.</summary>
public sealed record QueueRecipient(ForwardPath Address)
{
    public DsnNotify Notify { get; init; }

    public OriginalRecipient? OriginalRecipient { get; init; }

    /// <summary>The address this one was expanded from (alias, virtual user, forward): the one that the peer named. Null when it is the peer's own.</summary>
    public ForwardPath? ExpandedFrom { get; init; }

    /// <summary>The owner of the list it was expanded from: sender of this copy, and where its failures go, in place of the envelope's reverse-path. Null: the envelope's own.</summary>
    public ReversePath? Owner { get; init; }

    /// <summary>On whose behalf; set where an alias led to a program or a file, which nobody may name who is not an alias. Null: any other recipient.</summary>
    public RecipientController? Controller { get; init; }

    /// <summary>Decided when it was expanded: the first attempt only tells it. Null: it is to be delivered.</summary>
    public ForegoneOutcome? Foregone { get; init; }
}
