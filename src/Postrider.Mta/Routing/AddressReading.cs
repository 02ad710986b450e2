using System.Diagnostics.CodeAnalysis;

namespace Postrider.Mta.Routing;

/// <summary>An address as canonify and parse read it, or why it is none.</summary>
/// <param name="Address">There exactly when <paramref name="Refusal"/> is not.</param>
/// <param name="Refusal">Code, status and text of the reply, never routed.</param>
public readonly record struct AddressReading(CanonicalAddress? Address, RouteVerdict? Refusal)
{
    [MemberNotNullWhen(true, nameof(Address))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsRead => Address is not null;
}
