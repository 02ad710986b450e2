using System.Globalization;

namespace Postrider.Mta.Logging;

/// <summary><c>Nov 21 01:02:03 host </c> and <c>tag[pid]: </c> (RFC 3164 §4.1), made once a second.</summary>
internal sealed class LogLineHead(string? hostName, string tag)
{
    private readonly string who = string.Create(CultureInfo.InvariantCulture, $"{(hostName is null ? "" : hostName + " ")}{tag}[{Environment.ProcessId}]: ");
    private long second = long.MinValue;
    private string head = "";

    public string For(DateTimeOffset time)
    {
        long now = time.ToUnixTimeSeconds();
        if (now == second) return head;
        second = now;
        // RFC 3164 §4.1.2: a day below 10 has a blank before it.
        head = string.Create(CultureInfo.InvariantCulture, $"{time:MMM} {time.Day,2} {time:HH:mm:ss} {who}");
        return head;
    }
}
