namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary>What <c>/mx</c> has to print.</summary>
/// <param name="Hosts">In the order of preference, as sendmail would try them, each with a dot behind.</param>
public sealed record TestModeExchangers(params IReadOnlyList<string> Hosts)
{
    /// <summary>The domain takes no mail (RFC 7505 §3).</summary>
    public static TestModeExchangers NullMx { get; } = new([]);

    /// <summary>The DNS did not answer: printed as -1 values.</summary>
    public static TestModeExchangers Unknown { get; } = new([]);
}
