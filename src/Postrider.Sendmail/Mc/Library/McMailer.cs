namespace Postrider.Sendmail.Mc.Library;

/// <summary>A mailer that <c>MAILER()</c> brings, with the equates it has unless the site says otherwise.</summary>
/// <param name="Name">Its name in the cf.</param>
/// <param name="Prefix">What the site's names for it begin with: <c>LOCAL_MAILER_FLAGS</c> and so on.</param>
/// <param name="Path"><c>P=</c>.</param>
/// <param name="FixedFlags">Flags that it always has.</param>
/// <param name="Flags">Flags that the site may replace.</param>
/// <param name="Rulesets"><c>S=</c>, <c>R=</c> and what else never changes, in the order written.</param>
/// <param name="Types"><c>T=</c>.</param>
/// <param name="Arguments"><c>A=</c>.</param>
internal sealed record McMailer(string Name, string Prefix, string Path, string FixedFlags, string Flags, string Rulesets, string Types, string Arguments);
