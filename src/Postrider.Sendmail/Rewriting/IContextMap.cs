using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting;

/// <summary>A map whose answer depends on the rewriting that asks, or that changes it (<c>macro</c>), or that asks other maps by name (<c>sequence</c>).</summary>
public interface IContextMap : IMap
{
    /// <summary>As <see cref="IMap.LookupAsync"/>, told who asks.</summary>
    ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, RewriteContext context, CancellationToken cancellationToken);
}
