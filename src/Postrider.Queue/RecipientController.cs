namespace Postrider.Queue;

/// <summary>The user in whose name a program is run or a file written (sendmail's controlling user, <c>ctladdr=</c>).</summary>
/// <param name="Address">The alias or <c>:include:</c> that led there, as logs show it.</param>
/// <param name="User">Login name; empty where only numbers are known.</param>
/// <param name="Uid">Never 0: nothing that came by mail is done as root.</param>
/// <param name="Gid">Primary group.</param>
public sealed record RecipientController(string Address, string User, uint Uid, uint Gid);
