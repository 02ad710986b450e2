namespace Postrider.Mail.Headers;

/// <summary>One address of an address field.</summary>
/// <param name="Address">Without angle brackets, comments and source route; quotes of a local-part kept. May be unqualified (<c>alice</c>).</param>
/// <param name="DisplayName">As written before the angle bracket, unquoted; null: none.</param>
/// <param name="Group">The group it was named in; null: none.</param>
public sealed record HeaderAddress(string Address, string? DisplayName = null, string? Group = null);
