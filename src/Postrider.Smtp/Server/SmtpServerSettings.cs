using Postrider.Mail;

namespace Postrider.Smtp.Server;

/// <summary>What one listener's sessions are told to do. Immutable; a session ends under the settings it began with.</summary>
public sealed record SmtpServerSettings
{
    /// <summary><c>$j</c>: the name the server gives itself in replies.</summary>
    public required string HostName { get; init; }

    /// <summary>The greeting's text after the code, made anew for each session. Null: <c>HOST ESMTP Postrider VERSION; DATE</c>.</summary>
    /// <remarks>RFC 5321 §4.2: it begins with the host name.</remarks>
    public Func<DateTimeOffset, string>? Greeting { get; init; }

    /// <summary>What the default greeting and HELP call this program. Default <c>Postrider</c> and its version.</summary>
    public string Product { get; init; } = "Postrider " + (typeof(SmtpServerSettings).Assembly.GetName().Version?.ToString(3) ?? "0");

    public SmtpServerTimeouts Timeouts { get; init; } = new();

    /// <summary>MaxMessageSize in octets of content; 0, the default: no limit.</summary>
    public long MaxMessageSize { get; init; }

    /// <summary>MaxRecipientsPerMessage: recipients accepted in one transaction; more get 452 4.5.3. 0, the default: only <see cref="RecipientCeiling"/>.</summary>
    public int MaxRecipients { get; init; }

    /// <summary>Recipients of one transaction when <see cref="MaxRecipients"/> says nothing. Default 100,000; sendmail has no ceiling.</summary>
    public int RecipientCeiling { get; init; } = 100_000;

    /// <summary>Octets of accepted RCPT commands in one transaction; more get 452 4.5.3. Default 8 MiB, ours: what a stranger may make us hold, and well below what a queue record takes.</summary>
    public int MaxRecipientOctets { get; init; } = 8 << 20;

    /// <summary>BadRcptThrottle: after this many refused recipients each further RCPT waits a second. 0, the default: never.</summary>
    public int BadRcptThrottle { get; init; }

    /// <summary>BadRcptShutdown: after this many refused recipients the session ends with 421. 0, the default: never.</summary>
    public int BadRcptShutdown { get; init; }

    /// <summary>MaxNOOPCommands: commands that lead nowhere before the server slows down. Default 20.</summary>
    public int MaxNoopCommands { get; init; } = 20;

    /// <summary>Unknown commands before the session ends with 421 4.7.0. Default 25 (sendmail 8.17, oracle 01).</summary>
    public int MaxBadCommands { get; init; } = 25;

    /// <summary>Commands of one session without a message accepted in between, then 421. Default 200,000; sendmail has no such limit.</summary>
    public int MaxCommandsWithoutMessage { get; init; } = 200_000;

    /// <summary>Longest command line in octets, its end included. Default 2048 (sendmail 8.17, oracle 06; RFC 5321 §4.5.3.1.4 asks for 512 plus what extensions add).</summary>
    public int MaxCommandLine { get; init => field = value >= 512 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 2048;

    /// <summary>Longest line of an AUTH exchange in octets, its end included. Default 12288 (RFC 4954 §4.1).</summary>
    public int MaxAuthLine { get; init => field = value >= 512 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 12288;

    /// <summary>Octets of a refused message that are read and dropped before the server gives up on the peer. Default 1 GiB.</summary>
    public long MaxDroppedOctets { get; init; } = 1L << 30;

    /// <summary>RejectNUL: a NUL in content is refused. Default false (sendmail 8.17, oracle 06).</summary>
    public bool RejectNul { get; init; }

    /// <summary>PIPELINING is offered. Default true.</summary>
    public bool Pipelining { get; init; } = true;

    /// <summary>DeliverByMin in seconds, said after DELIVERBY when above 0; a smaller BY=…;R gets 555. Negative: DELIVERBY is not offered. Default 0.</summary>
    public int DeliverByMin { get; init; }

    /// <summary>AllowBogusHELO: the argument of HELO may be anything but empty. Default false.</summary>
    public bool AllowBogusHelo { get; init; }

    /// <summary>PrivacyOptions, as far as a session shows them. Default: none.</summary>
    public SmtpPrivacy Privacy { get; init; } = SmtpPrivacy.None;

    internal string GreetingText(DateTimeOffset now) => Greeting is null ? $"{HostName} ESMTP {Product}; {ArpaDate.Format(now)}" : Greeting(now);
}
