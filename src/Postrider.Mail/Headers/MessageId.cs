using System.Globalization;

namespace Postrider.Mail.Headers;

/// <summary>Message-ID (RFC 5322 §3.6.4) as sendmail makes it: <c>&lt;YYYYMMDDhhmm.qid@j&gt;</c> (oracle 61).</summary>
public static class MessageId
{
    /// <param name="time">Written in UTC, whatever its offset.</param>
    /// <param name="queueId">Unique in this host.</param>
    /// <param name="hostName"><c>$j</c>.</param>
    public static string Format(DateTimeOffset time, string queueId, string hostName) =>
        string.Create(CultureInfo.InvariantCulture, $"<{time.UtcDateTime:yyyyMMddHHmm}.{queueId}@{hostName}>");
}
