namespace Postrider.Queue.Journal;

/// <summary>How a journal uses its disk.</summary>
public sealed record JournalSettings
{
    public static JournalSettings Default { get; } = new();

    /// <summary>A segment file is closed when it is at least this long, in octets. Default 64 MiB, 4 KiB to 1 GiB. Space comes back in units of this.</summary>
    public int SegmentOctets
    {
        get;
        init => field = value is >= 4096 and <= 1 << 30 ? value : throw new ArgumentOutOfRangeException(nameof(SegmentOctets), value, "4 KiB to 1 GiB");
    } = 64 << 20;

    /// <summary>Old segments are emptied (their survivors copied forward) when the journal is this many times larger than what lives in it. Default 2.5.</summary>
    /// <remarks>Bounds both costs: disk used is at most this times the live octets plus four segments, and each octet that lives is copied at most
    /// 1/(n-1) times for each octet that arrives.</remarks>
    public double SpaceFactor
    {
        get;
        init => field = value >= 1.5 ? value : throw new ArgumentOutOfRangeException(nameof(SpaceFactor), value, "at least 1.5");
    } = 2.5;

    /// <summary>With less free space than this no message is taken (452 4.3.1), while outcomes are still recorded: a full queue must be able to drain. Default 16 MiB; 0: no reserve.</summary>
    public long ReservedOctets { get; init; } = 16 << 20;
}
