namespace Postrider.Mail.Headers;

/// <summary>Budgets of one header section.</summary>
/// <param name="MaxOctets">Octets of all fields with their line ends. 32768 is sendmail's MaxHeadersLength.</param>
/// <param name="MaxLines">Lines, continuation lines counted.</param>
public sealed record HeaderSectionLimits(int MaxOctets = 32768, int MaxLines = 2000)
{
    /// <summary>For octets that are in memory already.</summary>
    public static HeaderSectionLimits None { get; } = new(int.MaxValue, int.MaxValue);
}
