namespace Postrider.Mta.Aliasing;

/// <summary>One address of an alias's right-hand side, or of a line of an <c>:include:</c> file.</summary>
/// <param name="Address">Comments, display name and angle brackets taken away; quotes are there where they were.</param>
/// <param name="Place">Where it stands, as errors begin: <c>/etc/mail/list: line 2: </c>. Empty for an alias.</param>
public sealed record AliasMember(string Address, string Place = "");
