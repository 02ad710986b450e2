using Postrider.Mail;

namespace Postrider.Queue;

/// <summary>What has become of one recipient so far.</summary>
/// <param name="Status">Pending by default.</param>
/// <param name="Enhanced">Of the last attempt.</param>
/// <param name="Message">Last diagnostic in one line, as <c>mailq</c> shows it: <c>Deferred: Connection refused by mx.example.org.</c></param>
public sealed record RecipientState(RecipientStatus Status, EnhancedStatusCode? Enhanced = null, string? Message = null)
{
    public static RecipientState Pending { get; } = new(RecipientStatus.Pending);

    public bool IsFinal => Status is RecipientStatus.Done or RecipientStatus.Failed;
}
