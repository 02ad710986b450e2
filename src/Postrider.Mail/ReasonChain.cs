using System.Collections.Immutable;

namespace Postrider.Mail;

/// <summary>
/// Why a verdict is what it is: the chain of what decided, first cause first (listener, ruleset and line, map with key and value,
/// DNS answer, filter, limit). Every verdict carries one; explaining a decision is a product feature, not a log level.
/// </summary>
/// <remarks>Immutable and thread-safe. The empty chain is <see cref="None"/>.</remarks>
public sealed class ReasonChain
{
    private readonly ImmutableArray<Reason> links;

    private ReasonChain(ImmutableArray<Reason> links) => this.links = links;

    public static ReasonChain None { get; } = new([]);

    public ImmutableArray<Reason> Links => links;

    public bool IsEmpty => links.IsEmpty;

    public static ReasonChain Of(ReasonKind kind, string text) => new([new Reason(kind, text)]);

    public ReasonChain Then(ReasonKind kind, string text) => new(links.Add(new Reason(kind, text)));

    public ReasonChain Then(ReasonChain further) => further.IsEmpty ? this : new(links.AddRange(further.links));

    public override string ToString() => string.Join(" -> ", links);
}
