using System.Globalization;
using System.Text;
using Postrider.Mta.Hosting.Control;

namespace Postrider.Cli.Applets;

/// <summary>The queue as sendmail's mailq prints it, for people and for the scripts that read it (sendmail 8.17, oracle 81, 83; reference §9.3).</summary>
internal static class MailqText
{
    /// <param name="directory">Shown in the head, as configured.</param>
    /// <param name="verbose">-v: attempts and the next one.</param>
    public static string Format(string directory, IReadOnlyList<ControlEntry> entries, bool verbose, TimeZoneInfo zone)
    {
        if (entries.Count == 0) return $"{directory} is empty\n\t\tTotal requests: 0\n";
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"\t\t{directory} ({entries.Count} request{(entries.Count == 1 ? "" : "s")})\n");
        text.Append("-----Q-ID----- --Size-- -----Q-Time----- ------------Sender/Recipient-----------\n");
        foreach (ControlEntry entry in entries) Append(text, entry, verbose, zone);
        text.Append(CultureInfo.InvariantCulture, $"\t\tTotal requests: {entries.Count}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, ControlEntry entry, bool verbose, TimeZoneInfo zone)
    {
        DateTimeOffset arrival = TimeZoneInfo.ConvertTime(entry.Arrival, zone);
        char flag = entry.IsLeased ? '*' : ' ';
        text.Append(CultureInfo.InvariantCulture, $"{Printable(entry.Id),-14}{flag}{entry.Size,8} {arrival:ddd MMM} {arrival.Day,2} {arrival:HH:mm} {(entry.Sender.Length == 0 ? "MAILER-DAEMON" : Printable(entry.Sender))}\n");
        if (entry.Quarantine is not null) text.Append(CultureInfo.InvariantCulture, $"     QUARANTINE: {Printable(entry.Quarantine)}\n");
        if (entry.IsHeld) text.Append("     HELD\n"); // sendmail has no such state
        if (verbose) text.Append(CultureInfo.InvariantCulture, $"     attempts: {entry.Attempts}, next: {(entry.Due is { } due ? TimeZoneInfo.ConvertTime(due, zone).ToString("ddd MMM d HH:mm:ss", CultureInfo.InvariantCulture) : "-")}\n");
        string? shown = null;
        foreach (ControlRecipient recipient in entry.Recipients)
        {
            if (recipient.Message is not null && recipient.Message != shown)
            {
                shown = recipient.Message;
                text.Append(CultureInfo.InvariantCulture, $"                 ({Printable(shown)})\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"\t\t\t\t\t {Printable(recipient.Address)}\n");
        }
    }

    /// <summary>Addresses and diagnostics come from strangers; a terminal must not obey them.</summary>
    private static string Printable(string value) => value.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? string.Concat(value.Select(static c => char.IsControl(c) ? '?' : c))
        : value;
}
