namespace Postrider.Mta.Policy;

/// <summary>The native library: what is there when the site's file does not define it itself.</summary>
public static class NativeRulesets
{
    public static RulesetTable Table { get; } = new(
        new CheckRelay(),
        new CheckMail(),
        new CheckRcpt(),
        new CheckVrfy(),
        new CheckExpn(),
        new CheckEtrn());
}
