namespace Postrider.Sendmail.Cf;

/// <summary>The vendor words of the <c>V</c> line.</summary>
public static class Vendors
{
    /// <summary>Ours: features as options, native rulesets. A real sendmail refuses it at once.</summary>
    public const string Postrider = "Postrider";

    /// <summary>The one that the sendmail-cf library writes.</summary>
    public const string Berkeley = "Berkeley";

    /// <summary>What sendmail takes, and ours.</summary>
    public static IReadOnlyList<string> Known { get; } = [Berkeley, Postrider];
}
