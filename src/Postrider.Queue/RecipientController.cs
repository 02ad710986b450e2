namespace Postrider.Queue;

/// <summary>The user in whose name a program is run or a file written (sendmail's controlling user, <c>ctladdr=</c>).</summary>
/// <param name="Address">The alias or <c>:include:</c> that led there, as logs show it.</param>
/// <param name="User">Login name, looked up again when it is used; null: DefaultUser. Never root: nothing that came by mail is done in that name.</param>
public sealed record RecipientController(string Address, string? User);
