using Postrider.Mta.Routing;

namespace Postrider.Mta.Aliasing;

/// <summary>Whether there is somebody behind a recipient.</summary>
/// <param name="Verdict">For an alias the triple of its name; nobody has looked yet where it leads.</param>
/// <param name="IsAlias">It has to be expanded before the message is queued.</param>
public readonly record struct RecipientCheck(RouteVerdict Verdict, bool IsAlias);
