using System.Collections.Immutable;
using Postrider.Mail;

namespace Postrider.Mta.Routing;

/// <summary>What became of one RCPT.</summary>
/// <param name="Recipients">Who the queue gets; empty exactly when <paramref name="Refusal"/> is there, or when an alias has no members.</param>
/// <param name="Refusal">Code, status and text of the reply; null: taken.</param>
/// <param name="Reasons">What decided.</param>
public sealed record RecipientExpansion(ImmutableArray<RoutedRecipient> Recipients, RouteVerdict? Refusal, ReasonChain Reasons)
{
    public static RecipientExpansion Of(RoutedRecipient one, ReasonChain reasons) => new([one], null, reasons);

    public static RecipientExpansion Refused(RouteVerdict refusal) => new([], refusal, refusal.Reasons);
}
