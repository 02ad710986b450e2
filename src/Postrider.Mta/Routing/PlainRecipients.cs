using Postrider.Queue;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Routing;

/// <summary>Every recipient stands for itself: a site without aliases.</summary>
public sealed class PlainRecipients(IRouter router) : IRecipientExpansion
{
    public async ValueTask<RecipientExpansion> ExpandAsync(QueueRecipient recipient, CanonicalAddress address, RewriteContext? rewriting, CancellationToken cancellationToken)
    {
        RouteVerdict route = await router.RouteAsync(address, rewriting, cancellationToken);
        return route.IsRouted ? RecipientExpansion.Of(new RoutedRecipient(recipient, route.Triple), route.Reasons) : RecipientExpansion.Refused(route);
    }
}
