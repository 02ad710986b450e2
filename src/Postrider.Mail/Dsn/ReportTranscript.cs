using System.Globalization;
using System.Text;

namespace Postrider.Mail.Dsn;

/// <summary>The sections of addresses and the transcript of a report's text part, in the lines that tools look for (sendmail 8.17, oracle 50, 51).</summary>
internal static class ReportTranscript
{
    public static void WriteSections(DeliveryReport report, StringBuilder text)
    {
        WriteSection(report, text, "   ----- The following addresses had permanent fatal errors -----\n", static action => action == ReportAction.Failed);
        // A delay alone has no section (oracle 51): the transcript says it.
        if (report.Kind != ReportKind.Delay)
        {
            WriteSection(report, text, "   ----- The following addresses had transient non-fatal errors -----\n", static action => action == ReportAction.Delayed);
        }

        WriteSection(
            report,
            text,
            "   ----- The following addresses had successful delivery notifications -----\n",
            static action => action is not (ReportAction.Failed or ReportAction.Delayed));
    }

    public static void Write(DeliveryReport report, StringBuilder text)
    {
        text.Append("   ----- Transcript of session follows -----\n");
        string? talkingTo = null;
        foreach (ReportRecipient recipient in report.Recipients)
        {
            if (recipient.RemoteMta is { } remote && recipient.RemoteReply is not null && recipient.Action is ReportAction.Failed or ReportAction.Delayed)
            {
                if (!string.Equals(talkingTo, recipient.RemoteMta, StringComparison.OrdinalIgnoreCase))
                {
                    talkingTo = recipient.RemoteMta;
                    text.Append("... while talking to ").Append(ReportText.Line(talkingTo!.TrimEnd('.'))).Append(".:\n");
                }

                if (recipient.Command is { } command) text.Append(">>> ").Append(ReportText.Line(command)).Append('\n');
                text.Append("<<< ").Append(ReportText.Line(recipient.RemoteReply!)).Append('\n');
            }

            foreach (string line in recipient.Output) text.Append(ReportText.Line(line)).Append('\n');
            text.Append(Verdict(recipient)).Append('\n');
        }

        if (report.Waited is { } waited)
        {
            string age = DurationText.InWords(waited);
            if (report.Kind == ReportKind.Delay)
            {
                text.Append("Warning: message still undelivered after ").Append(age).Append('\n');
                if (report.GivenUpAfter is { } end) text.Append("Will keep trying until message is ").Append(DurationText.InWords(end)).Append(" old\n");
            }
            else
            {
                text.Append("Message could not be delivered for ").Append(age).Append("\nMessage will be deleted from queue\n");
            }
        }

        text.Append('\n');
    }

    /// <summary>What this host would have answered: <c>550 5.1.1 User unknown</c>.</summary>
    public static string LocalReply(ReportRecipient recipient) =>
        string.Create(CultureInfo.InvariantCulture, $"{Code(recipient.Status)} {recipient.Status} {ReportText.Line(recipient.Message)}");

    private static void WriteSection(DeliveryReport report, StringBuilder text, string mark, Func<ReportAction, bool> belongs)
    {
        bool isOpen = false;
        foreach (ReportRecipient recipient in report.Recipients)
        {
            if (!belongs(recipient.Action)) continue;
            if (!isOpen) text.Append(mark);
            isOpen = true;
            text.Append(Name(recipient)).Append(Success(recipient.Action)).Append('\n');
            if (Reason(recipient) is { } reason) text.Append("    (reason: ").Append(reason).Append(")\n");
            if (recipient.ExpandedFrom is { } from) text.Append("    (expanded from: ").Append(ReportText.Line(from.ToString())).Append(")\n");
        }

        if (isOpen) text.Append('\n');
    }

    private static string Success(ReportAction action) => action switch
    {
        ReportAction.DeliveredToMailbox => "  (successfully delivered to mailbox)",
        ReportAction.DeliveredToList => "  (successfully delivered to mailing list)",
        ReportAction.Relayed => "  (relayed to non-DSN-aware mailer)",
        ReportAction.Expanded => "  (expanded by alias)",
        _ => "",
    };

    private static string? Reason(ReportRecipient recipient)
    {
        if (recipient.Action is not (ReportAction.Failed or ReportAction.Delayed)) return null;
        if (recipient.RemoteReply is { } reply) return ReportText.Line(reply);
        if (recipient.Diagnostic is not null) return recipient.Reason is { } told ? ReportText.Line(told) : null;
        if (recipient.LocalReply is not null) return null;
        return recipient.Action == ReportAction.Failed && recipient.Status.IsPermanent ? LocalReply(recipient) : null;
    }

    private static string Verdict(ReportRecipient recipient)
    {
        if (recipient.LocalReply is { } whole && recipient.Action is ReportAction.Failed) return ReportText.Line(whole);
        string address = Name(recipient);
        return recipient.Action switch
        {
            ReportAction.Failed when recipient.Status.IsPermanent =>
                string.Create(CultureInfo.InvariantCulture, $"{Code(recipient.Status)} {recipient.Status} {address}... {ReportText.Line(recipient.Message)}"),
            ReportAction.DeliveredToMailbox => $"{address}... Successfully delivered",
            ReportAction.DeliveredToList or ReportAction.Expanded => $"{address}... expanded to multiple addresses",
            ReportAction.Relayed => $"{address}... relayed; expect no further notifications",
            _ => $"{address}... {ReportText.Line(recipient.Message)}",
        };
    }

    /// <summary>sendmail 8.17, oracle 50: what the originator named stands in angle brackets, what an alias named as it stands there.</summary>
    private static string Name(ReportRecipient recipient) => ReportText.Line(recipient.ExpandedFrom is null ? recipient.Address.ToString() : recipient.Address.Address);

    /// <summary>550 for addresses, 552 for what is too big or too full, 554 for the rest (RFC 5321 §4.2.3).</summary>
    private static int Code(EnhancedStatusCode status) => (status.Subject, status.Detail) switch
    {
        (1, _) => 550,
        (2, 2) or (2, 3) or (3, 4) => 552,
        _ => 554,
    };
}
