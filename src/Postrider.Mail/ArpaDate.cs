using System.Globalization;

namespace Postrider.Mail;

/// <summary>Dates as mail writes them (RFC 5322 §3.3), in sendmail's layout: <c>Fri, 20 Nov 2026 23:42:29 GMT</c> or <c>… -0500</c>.</summary>
public static class ArpaDate
{
    /// <summary>At zero offset sendmail 8.17 writes the zone as GMT (oracle 01); elsewhere the numeric offset.</summary>
    public static string Format(DateTimeOffset time)
    {
        string head = time.ToString("ddd, d MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture);
        if (time.Offset == TimeSpan.Zero) return head + " GMT";
        char sign = time.Offset < TimeSpan.Zero ? '-' : '+';
        TimeSpan offset = time.Offset.Duration();
        return string.Create(CultureInfo.InvariantCulture, $"{head} {sign}{offset.Hours:00}{offset.Minutes:00}");
    }
}
