namespace Postrider.Sendmail.Mc.Library;

/// <summary>A name that <c>FEATURE()</c> knows.</summary>
/// <param name="Name">The name.</param>
/// <param name="Least">Arguments that it needs at least.</param>
/// <param name="Most">Arguments that it takes at most.</param>
/// <param name="BeforeLocal">It changes the local mailer, so it must stand before <c>MAILER(`local')</c>; as all features stand before all mailers, this only words the error.</param>
internal sealed record McFeature(string Name, int Least, int Most, bool BeforeLocal);
