using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Postrider.Mail.Dsn;

/// <summary>A delivery status notification before it is written (RFC 3464): who is told what about which message.</summary>
public sealed record DeliveryReport
{
    public required ReportKind Kind { get; init; }

    /// <summary>Queue id of the report itself.</summary>
    public required string QueueId { get; init; }

    /// <summary>When it is made, in local time; also the zone for all other instants.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary><c>$j</c>: Reporting-MTA.</summary>
    public required string HostName { get; init; }

    /// <summary><c>$n</c>.</summary>
    public string MailerName { get; init; } = "MAILER-DAEMON";

    /// <summary>What stands in parentheses in Received, <c>$v/$Z</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Whom it is for: the reverse-path of the original, or the postmaster. Never empty.</summary>
    public required string To { get; init; }

    /// <summary>Queue id of the original, told only to the postmaster.</summary>
    public required string OriginalQueueId { get; init; }

    public required ReversePath OriginalReversePath { get; init; }

    public required DateTimeOffset ArrivalTime { get; init; }

    /// <summary><c>client.example.net [192.0.2.1]</c> or <c>user@localhost</c>; null: not known.</summary>
    public string? ReceivedFrom { get; init; }

    /// <summary>ENVID, decoded.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>At least one.</summary>
    public required ImmutableArray<ReportRecipient> Recipients { get; init; }

    /// <summary>How long the message has waited when that is what the report says: Timeout.queuewarn or Timeout.queuereturn.</summary>
    public TimeSpan? Waited { get; init; }

    /// <summary>For a delay: when the message will be given up, as an age.</summary>
    public TimeSpan? GivenUpAfter { get; init; }

    /// <summary>The third part is the whole message; otherwise its header section.</summary>
    public bool ReturnsWholeMessage { get; init; }

    /// <summary>What is returned holds octets above 127.</summary>
    public bool ReturnsEightBit { get; init; }

    /// <summary>As sendmail 8.17 makes it (oracle 50). The caller has looked whether it occurs in what is returned, and has changed it if it does.</summary>
    public required string Boundary { get; init; }

    /// <summary>The report as a whole wants BODY=8BITMIME.</summary>
    public bool IsEightBit => ReturnsEightBit || !HasAsciiTexts;

    /// <summary>The text for people is US-ASCII.</summary>
    internal bool HasAsciiTexts
    {
        get
        {
            if (!Ascii.IsValid(ReceivedFrom ?? "")) return false;
            foreach (ReportRecipient recipient in Recipients)
            {
                if (!Ascii.IsValid(recipient.Address.Address) || !Ascii.IsValid(recipient.ExpandedFrom?.Address ?? "") || !Ascii.IsValid(recipient.Message)
                    || !Ascii.IsValid(recipient.RemoteReply ?? "") || !Ascii.IsValid(recipient.Command ?? "") || !Ascii.IsValid(recipient.RemoteMta ?? ""))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>sendmail's boundary, <c>qid.epoch/j</c>. With <paramref name="turn"/> above 0 another one, for content that holds the first.</summary>
    public static string BoundaryFor(string queueId, DateTimeOffset time, string hostName, int turn = 0) => turn == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{queueId}.{time.ToUnixTimeSeconds()}/{hostName}")
        : string.Create(CultureInfo.InvariantCulture, $"{queueId}.{time.ToUnixTimeSeconds()}.{turn}/{hostName}");
}
