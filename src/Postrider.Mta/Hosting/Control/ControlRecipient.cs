namespace Postrider.Mta.Hosting.Control;

/// <param name="Address">Without angle brackets.</param>
/// <param name="Message">Last diagnostic; null when it was not tried.</param>
public sealed record ControlRecipient(string Address, string? Message);
