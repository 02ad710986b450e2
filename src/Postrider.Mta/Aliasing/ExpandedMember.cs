using Postrider.Mail;
using Postrider.Mta.Routing;
using Postrider.Queue;

namespace Postrider.Mta.Aliasing;

/// <summary>One end of an expansion.</summary>
/// <param name="Recipient">As the queue is to have it.</param>
/// <param name="Triple">Where it goes; null: nowhere.</param>
/// <param name="Refusal">Why it goes nowhere, as a reply; null: it goes.</param>
internal sealed record ExpandedMember(QueueRecipient Recipient, MailerTriple? Triple, SmtpReply? Refusal)
{
    /// <summary>The name of a local user, without detail; null: an address elsewhere, a program, a file.</summary>
    public string? LocalUser { get; init; }
}
