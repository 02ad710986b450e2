using Postrider.Mail;

namespace Postrider.Queue;

/// <summary>One recipient of an envelope. Its number is its place in <see cref="QueueEnvelope.Recipients"/>.</summary>
public sealed record QueueRecipient(ForwardPath Address)
{
    public DsnNotify Notify { get; init; }

    public OriginalRecipient? OriginalRecipient { get; init; }

    /// <summary>The address this one was expanded from (alias, virtual user, forward); null when the peer named it itself.</summary>
    public ForwardPath? ExpandedFrom { get; init; }
}
