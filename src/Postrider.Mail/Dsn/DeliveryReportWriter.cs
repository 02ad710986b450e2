using System.Buffers;
using System.Text;
using Postrider.Mail.Headers;

namespace Postrider.Mail.Dsn;

/// <summary>
/// Writes a delivery report as sendmail 8.17 lays it out (oracle 50, 51): <c>multipart/report; report-type=delivery-status</c> (RFC 6522) of a text for people, a
/// <c>message/delivery-status</c> (RFC 3464) and what is returned of the message. <see cref="WriteHead"/> ends where the returned octets begin; the
/// caller streams them from the queue and ends with <see cref="WriteEnd"/>: the message is never whole in memory.
/// </summary>
/// <remarks>Stateless. Lines that tools look for (section marks, <c>&gt;&gt;&gt;</c>, <c>&lt;&lt;&lt;</c>, fields) are sendmail's; sentences for people are our own.</remarks>
public static class DeliveryReportWriter
{
    /// <summary>Everything up to the returned header section, the Return-Path of the original included.</summary>
    public static void WriteHead(DeliveryReport report, IBufferWriter<byte> writer)
    {
        Header(report).WriteTo(writer);
        StringBuilder text = new(2048);
        text.Append("This is a delivery report in three parts (MIME, RFC 6522).\n\n");
        WriteTextPart(report, text);
        WriteStatusPart(report, text);
        text.Append("--").Append(report.Boundary).Append('\n');
        text.Append("Content-Type: ").Append(report.ReturnsWholeMessage ? "message/rfc822" : "text/rfc822-headers").Append('\n');
        if (report.ReturnsEightBit) text.Append("Content-Transfer-Encoding: 8bit\n");
        text.Append("\nReturn-Path: ").Append(ReportText.Line(report.OriginalReversePath.ToString())).Append('\n');
        WriteLines(text, writer);
    }

    /// <summary>The closing delimiter. What was returned ended in CRLF, and a header section with its empty line.</summary>
    public static void WriteEnd(DeliveryReport report, IBufferWriter<byte> writer) =>
        WriteLines(new StringBuilder().Append(report.ReturnsWholeMessage ? "\n--" : "--").Append(report.Boundary).Append("--\n\n"), writer);

    private static HeaderSection Header(DeliveryReport report)
    {
        string date = ArpaDate.Format(report.Time);
        HeaderSection header = new();
        header.Append(HeaderField.Of("Received", $"from localhost (localhost)\r\n\tby {report.HostName} ({report.Version}) id {report.QueueId};\r\n\t{date}"));
        header.Append(HeaderField.Of("Date", date));
        // Differs from sendmail: qualified also for a local reader, because one content serves every mailer.
        header.Append(HeaderField.Of("From", $"Mail Delivery Subsystem <{report.MailerName}@{report.HostName}>"));
        header.Append(HeaderField.Of("Message-Id", MessageId.Format(report.Time, report.QueueId, report.HostName)));
        header.Append(HeaderField.Of("To", $"<{ReportText.Line(report.To)}>"));
        header.Append(HeaderField.Of("MIME-Version", "1.0"));
        header.Append(HeaderField.Of("Content-Type", $"multipart/report; report-type=delivery-status;\r\n\tboundary=\"{report.Boundary}\""));
        // RFC 2045 §6.4: a multipart is labelled 8bit when one of its parts is.
        if (report.IsEightBit) header.Append(HeaderField.Of("Content-Transfer-Encoding", "8bit"));
        header.Append(HeaderField.Of("Subject", Subject(report)));
        header.Append(HeaderField.Of("Auto-Submitted", AutoSubmitted(report.Kind)));
        return header;
    }

    /// <summary>Also what sendmail logs of a warning or a receipt.</summary>
    public static string Subject(DeliveryReport report) => report.Kind switch
    {
        ReportKind.Delay => $"Warning: could not send message for past {DurationText.InWords(report.Waited ?? TimeSpan.Zero)}",
        ReportKind.Success => "Return receipt",
        ReportKind.Postmaster => "Postmaster notify: see transcript for details",
        _ => "Returned mail: see transcript for details",
    };

    private static string AutoSubmitted(ReportKind kind) => kind switch
    {
        ReportKind.Delay => "auto-generated (warning-timeout)",
        ReportKind.Success => "auto-generated (return-receipt)",
        ReportKind.Postmaster => "auto-generated (postmaster-notification)",
        _ => "auto-generated (failure)",
    };

    private static void WriteTextPart(DeliveryReport report, StringBuilder text)
    {
        text.Append("--").Append(report.Boundary).Append('\n');
        if (!report.HasAsciiTexts) text.Append("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n");
        text.Append('\n');
        if (report.Kind == ReportKind.Delay)
        {
            text.Append("    ***********************************************************\n");
            text.Append("    **  ONLY A WARNING: the message is still on its way.     **\n");
            text.Append("    **  Nothing needs to be done, and nothing sent again.    **\n");
            text.Append("    ***********************************************************\n\n");
        }

        text.Append("The original message was received at ").Append(ArpaDate.Format(report.ArrivalTime)).Append('\n');
        if (report.ReceivedFrom is not null) text.Append("from ").Append(ReportText.Line(report.ReceivedFrom)).Append('\n');
        if (report.Kind == ReportKind.Postmaster) text.Append("with id ").Append(report.OriginalQueueId).Append('\n');
        text.Append('\n');
        ReportTranscript.WriteSections(report, text);
        ReportTranscript.Write(report, text);
    }

    private static void WriteStatusPart(DeliveryReport report, StringBuilder text)
    {
        text.Append("--").Append(report.Boundary).Append("\nContent-Type: message/delivery-status\n\n");
        if (report.EnvelopeId is not null) Field(text, "Original-Envelope-Id", report.EnvelopeId);
        Field(text, "Reporting-MTA", $"dns; {report.HostName}");
        if (ReceivedFromMta(report.ReceivedFrom) is { } peer) Field(text, "Received-From-MTA", $"DNS; {peer}");
        Field(text, "Arrival-Date", ArpaDate.Format(report.ArrivalTime));
        foreach (ReportRecipient recipient in report.Recipients)
        {
            text.Append('\n');
            WriteRecipient(report, recipient, text);
        }

        text.Append('\n');
    }

    private static void WriteRecipient(DeliveryReport report, ReportRecipient recipient, StringBuilder text)
    {
        if (recipient.OriginalRecipient is { } original) Field(text, "Original-Recipient", $"{original.AddressType};{original.Address}");
        // sendmail 8.17, oracle 50 "failing list": the address that the originator used is final, the one it led to is the actual one.
        text.Append("Final-Recipient: ").Append(ReportText.Address("RFC822", (recipient.ExpandedFrom ?? recipient.Address).Address)).Append('\n');
        text.Append("X-Actual-Recipient: ").Append(ReportText.Address("rfc822", recipient.Address.Address)).Append('\n');
        Field(text, "Action", recipient.Action switch
        {
            ReportAction.Failed => "failed",
            ReportAction.Delayed => "delayed",
            ReportAction.DeliveredToMailbox => "delivered (to mailbox)",
            ReportAction.DeliveredToList => "delivered (to mailing list)",
            ReportAction.Relayed => "relayed (to non-DSN-aware mailer)",
            _ => "expanded (to multi-recipient alias)",
        });
        Field(text, "Status", recipient.Status.ToString());
        if (recipient.RemoteMta is { } remote) Field(text, "Remote-MTA", $"DNS; {remote.TrimEnd('.')}");
        if (recipient.RemoteReply is { } reply) Field(text, "Diagnostic-Code", $"SMTP; {reply}");
        else if (recipient.Diagnostic is { } diagnostic && recipient.Action == ReportAction.Failed) Field(text, "Diagnostic-Code", diagnostic);
        else if (recipient.Action == ReportAction.Failed && recipient.RemoteMta is null && recipient.LocalReply is null && recipient.Status.IsPermanent)
        {
            Field(text, "Diagnostic-Code", $"X-Unix; {ReportTranscript.LocalReply(recipient)}");
        }

        if (recipient.LastAttempt is { } attempt) Field(text, "Last-Attempt-Date", ArpaDate.Format(attempt.ToOffset(report.Time.Offset)));
        if (recipient.WillRetryUntil is { } until) Field(text, "Will-Retry-Until", ArpaDate.Format(until.ToOffset(report.Time.Offset)));
    }

    private static void Field(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(ReportText.Field(value)).Append('\n');

    /// <summary>The host name of <c>client.example.net [192.0.2.1]</c>, or the literal when there is no name; a local submission has none.</summary>
    private static string? ReceivedFromMta(string? receivedFrom)
    {
        if (string.IsNullOrEmpty(receivedFrom) || receivedFrom.Contains('@', StringComparison.Ordinal)) return null;
        int blank = receivedFrom.IndexOf(' ', StringComparison.Ordinal);
        return blank <= 0 ? receivedFrom : receivedFrom[..blank];
    }

    private static void WriteLines(StringBuilder text, IBufferWriter<byte> writer)
    {
        text.Replace("\n", "\r\n");
        foreach (ReadOnlyMemory<char> chunk in text.GetChunks()) Encoding.UTF8.GetBytes(chunk.Span, writer);
    }
}
