namespace Postrider.Mta.Notification;

/// <summary>What the notifier needs to know of the site.</summary>
public sealed record NotifierSettings
{
    /// <summary><c>$j</c>: Reporting-MTA, and the domain of an unqualified <see cref="DoubleBounceAddress"/>.</summary>
    public required string HostName { get; init; }

    /// <summary><c>$n</c>.</summary>
    public string MailerName { get; init; } = "MAILER-DAEMON";

    /// <summary><c>$v/$Z</c>, as in every Received field of ours.</summary>
    public required string Version { get; init; }

    /// <summary>DoubleBounceAddress: who hears of failures whose originator cannot. Default <c>postmaster</c>; empty: nobody, they are dropped with a log line.</summary>
    public string DoubleBounceAddress { get; init; } = "postmaster";

    /// <summary>Timeout.queuewarn, for the words of a warning.</summary>
    public TimeSpan QueueWarn { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Timeout.queuereturn, for the words of a warning and of an expiry.</summary>
    public TimeSpan QueueReturn { get; init; } = TimeSpan.FromDays(5);

    /// <summary>False as PrivacyOptions=nobodyreturn wants it: only header sections are returned.</summary>
    public bool ReturnsBody { get; init; } = true;

    /// <summary>A content above this is returned as its header section only, in octets. Default 1 MiB.</summary>
    /// <remarks>Differs from sendmail, which is bounded by MaxMessageSize only: a bounce to a forged originator should not carry 25 MB to a stranger.</remarks>
    public long MaxReturnedOctets { get; init; } = 1 << 20;
}
