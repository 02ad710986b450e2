using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Postrider.Mail;
using Postrider.Mail.Dsn;

namespace Postrider.Tests.Mail.Dsn;

/// <summary>Goldens beside this file: the reports of oracle 50 and 51 as we write them. The diff is the message; change a golden by hand, with the reason in the commit.</summary>
public sealed class DeliveryReportWriterTests
{
    private const string Content = """
        Received: from client10.example.net (localhost [127.0.0.1])
        	by mx.oracle.test (8.17.1.9/8.17.1.9) with ESMTP id 6AKNdOO6001881
        	for <u@d4.example.org>; Fri, 20 Nov 2026 23:39:24 GMT
        From: alice@oracle.test
        Subject: remote 550 at RCPT


        """;

    private static readonly DateTimeOffset Now = new(2026, 11, 20, 23, 39, 24, TimeSpan.Zero);

    private static readonly ReportRecipient Refused = new()
    {
        Address = ForwardPath.Of("u@d4.example.org"),
        Action = ReportAction.Failed,
        Status = new EnhancedStatusCode(5, 1, 1),
        Message = "User unknown",
        RemoteMta = "mx4.example.org.",
        RemoteReply = "550 5.1.1 <u@d4.example.org>... User unknown (sink)",
        Command = "RCPT To:<u@d4.example.org>",
        LastAttempt = Now,
    };

    private static readonly DeliveryReport Failure = new()
    {
        Kind = ReportKind.Failure,
        QueueId = "6AKNdOO6001883",
        Time = Now,
        HostName = "mx.oracle.test",
        Version = "8.17.1.9/8.17.1.9",
        To = "alice@oracle.test",
        OriginalQueueId = "6AKNdOO6001881",
        OriginalReversePath = ReversePath.Of("alice@oracle.test"),
        ArrivalTime = Now,
        ReceivedFrom = "localhost [127.0.0.1]",
        Recipients = [Refused],
        ReturnsWholeMessage = true,
        Boundary = DeliveryReport.BoundaryFor("6AKNdOO6001883", Now, "mx.oracle.test"),
    };

    public static TheoryData<string> AllReports => new(Reports.Keys);

    private static Dictionary<string, DeliveryReport> Reports { get; } = new(StringComparer.Ordinal)
    {
        ["remote-refusal-full"] = Failure,
        ["headers-only-with-envid-and-orcpt"] = Failure with
        {
            EnvelopeId = "QQ+314",
            ReturnsWholeMessage = false,
            Recipients = [Refused with { OriginalRecipient = new OriginalRecipient("rfc822", "orig@example.org") }],
        },
        ["success-of-an-alias"] = Failure with
        {
            Kind = ReportKind.Success,
            ReturnsWholeMessage = false,
            Recipients =
            [
                new ReportRecipient
                {
                    Address = ForwardPath.Of("bob@oracle.test"),
                    ExpandedFrom = ForwardPath.Of("postmaster@oracle.test"),
                    Action = ReportAction.DeliveredToMailbox,
                    Status = new EnhancedStatusCode(2, 1, 5),
                    Message = "Sent",
                    LastAttempt = Now,
                },
                new ReportRecipient
                {
                    Address = ForwardPath.Of("s@d3.example.org"),
                    Action = ReportAction.Relayed,
                    Status = new EnhancedStatusCode(2, 0, 0),
                    Message = "Sent (ok)",
                    RemoteMta = "mx3.example.org",
                    RemoteReply = "250 2.1.5 Recipient ok",
                    LastAttempt = Now,
                },
            ],
        },
        ["delay-warning"] = Failure with
        {
            Kind = ReportKind.Delay,
            ReturnsWholeMessage = false,
            Waited = TimeSpan.FromHours(4),
            GivenUpAfter = TimeSpan.FromDays(5),
            Recipients =
            [
                new ReportRecipient
                {
                    Address = ForwardPath.Of("v@d11.example.org"),
                    Action = ReportAction.Delayed,
                    Status = new EnhancedStatusCode(4, 4, 1),
                    Message = "Deferred: Connection refused by mx11.example.org.",
                    RemoteMta = "mx11.example.org",
                    LastAttempt = Now,
                    WillRetryUntil = Now.AddDays(5),
                },
                new ReportRecipient
                {
                    Address = ForwardPath.Of("u@d5.example.org"),
                    Action = ReportAction.Delayed,
                    Status = new EnhancedStatusCode(4, 3, 0),
                    Message = "Deferred: 451 4.3.0 <u@d5.example.org>... Try again later (sink)",
                    RemoteMta = "mx5.example.org",
                    RemoteReply = "451 4.3.0 <u@d5.example.org>... Try again later (sink)",
                    Command = "RCPT To:<u@d5.example.org>",
                    LastAttempt = Now,
                    WillRetryUntil = Now.AddDays(5),
                },
            ],
        },
        ["expired"] = Failure with
        {
            Waited = TimeSpan.FromDays(5),
            Recipients =
            [
                new ReportRecipient
                {
                    Address = ForwardPath.Of("v@d11.example.org"),
                    Action = ReportAction.Failed,
                    Status = new EnhancedStatusCode(4, 4, 7),
                    Message = "Deferred: Connection refused by mx11.example.org.",
                    RemoteMta = "mx11.example.org",
                    LastAttempt = Now,
                },
            ],
        },
        ["double-bounce-of-a-local-failure"] = Failure with
        {
            Kind = ReportKind.Postmaster,
            To = "postmaster@mx.oracle.test",
            OriginalReversePath = ReversePath.Null,
            ReceivedFrom = "root@localhost",
            Recipients = [Refused with { Address = ForwardPath.Of("nosuch@oracle.test"), RemoteMta = null, RemoteReply = null, Command = null }],
        },
        ["hostile-and-international-texts"] = Failure with
        {
            ReturnsEightBit = true,
            Recipients =
            [
                Refused with
                {
                    Address = ForwardPath.Of("j\u00fcrgen@b\u00fccher.example"),
                    RemoteReply = "550 5.1.1 no\r\nAction: delivered\r\n\r\n--forged\u0007 \u00fc",
                    Message = "User\nunknown",
                },
            ],
        },
    };

    [Theory]
    [MemberData(nameof(AllReports))]
    public void A_report_is_written_as_its_golden_says(string name)
    {
        DeliveryReport report = Reports[name];
        string content = Content.ReplaceLineEndings("\r\n") + (report.ReturnsWholeMessage ? "body line 1\r\nbody line 2\r\n" : "");
        string written = Write(report, content);
        string golden = File.ReadAllText(Path.Combine(Folder(), "Goldens", name + ".eml"));
        Assert.Equal(golden, written.Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AllReports))]
    public void Every_line_ends_in_CRLF_and_is_short_enough(string name)
    {
        string written = Write(Reports[name] with { ReceivedFrom = new string('x', 5000) }, "");
        Assert.DoesNotContain('\n', written.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.DoesNotContain('\r', written.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.All(written.Split("\r\n"), line => Assert.True(Encoding.UTF8.GetByteCount(line) <= 998, line));
    }

    private static string Write(DeliveryReport report, string content)
    {
        ArrayBufferWriter<byte> writer = new();
        DeliveryReportWriter.WriteHead(report, writer);
        writer.Write(Encoding.ASCII.GetBytes(content));
        DeliveryReportWriter.WriteEnd(report, writer);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
