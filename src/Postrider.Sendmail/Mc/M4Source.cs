namespace Postrider.Sendmail.Mc;

/// <summary>One text that m4 reads, with the name by which its lines are reported.</summary>
/// <param name="Name">Shown in diagnostics and by <c>__file__</c>.</param>
/// <param name="Text">One char per octet (Latin-1), so that any encoding passes through unchanged and <c>len</c> counts octets.</param>
public sealed record M4Source(string Name, string Text);
