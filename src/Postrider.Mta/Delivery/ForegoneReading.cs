using System.Globalization;
using Postrider.Mail;
using Postrider.Queue;

namespace Postrider.Mta.Delivery;

/// <summary>The outcome of a recipient that was decided when it was expanded.</summary>
internal static class ForegoneReading
{
    public static RecipientOutcome Read(int recipient, ForegoneOutcome foregone)
    {
        OutcomeKind kind = foregone.Kind switch
        {
            ForegoneKind.Expanded => OutcomeKind.Expanded,
            ForegoneKind.DeliveredToList => OutcomeKind.DeliveredToList,
            _ => OutcomeKind.Failed,
        };
        ReadOnlySpan<char> text = foregone.Reply;
        if (text.Length > 4 && int.TryParse(text[..3], NumberStyles.None, CultureInfo.InvariantCulture, out _)) text = text[4..];
        int read = EnhancedStatusCode.TryParsePrefix(text, out EnhancedStatusCode status);
        if (read > 0) text = text[read..].Trim();
        else status = new EnhancedStatusCode(kind == OutcomeKind.Failed ? 5 : 2, 0, 0);
        return new RecipientOutcome(recipient, kind, status, text.ToString())
        {
            LocalReply = foregone.Reply,
            Reasons = ReasonChain.Of(ReasonKind.Configuration, "decided when the recipient was expanded"),
        };
    }
}
