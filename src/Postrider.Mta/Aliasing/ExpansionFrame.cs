using Postrider.Mail;
using Postrider.Queue;

namespace Postrider.Mta.Aliasing;

/// <summary>What the members of one alias or list inherit on the way down. Immutable.</summary>
internal sealed record ExpansionFrame
{
    /// <summary>The recipient that the peer named.</summary>
    public required ForwardPath Source { get; init; }

    /// <summary>Aliases above: 0 for the recipient itself.</summary>
    public int Depth { get; init; }

    /// <summary>The alias whose members these are; null at the top.</summary>
    public string? Alias { get; init; }

    /// <summary>The recipient that <see cref="Alias"/> was found for.</summary>
    public QueueRecipient? Expanded { get; init; }

    public ExpansionFrame? Outer { get; init; }

    public ReversePath? Owner { get; init; }

    public DsnNotify Notify { get; init; }

    public OriginalRecipient? OriginalRecipient { get; init; }

    /// <summary>In whose name programs and files are used; null at the top: a peer may not name any.</summary>
    public RecipientController? Controller { get; init; }

    /// <summary>Why the controller may not use programs and files, <c>User dave@mx.example.com doesn't have a valid shell for mailing to {0}</c>; null: he may.</summary>
    public string? NoPrograms { get; init; }

    /// <summary>The frame of an alias that led here: this very one, one further out, or null when it is not among them.</summary>
    public ExpansionFrame? Find(string alias)
    {
        for (ExpansionFrame? frame = this; frame is not null; frame = frame.Outer)
        {
            if (string.Equals(frame.Alias, alias, StringComparison.OrdinalIgnoreCase)) return frame;
        }

        return null;
    }
}
