namespace Postrider.Queue;

/// <summary>What became of a recipient before any attempt.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Reply">As a reply of this host: <c>554 5.4.6 aliasing/forwarding loop broken</c>, <c>250 2.0.0 expanded to multiple addresses</c>. One line.</param>
public sealed record ForegoneOutcome(ForegoneKind Kind, string Reply);
