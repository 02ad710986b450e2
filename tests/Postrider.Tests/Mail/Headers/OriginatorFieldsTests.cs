using System.Buffers;
using System.Text;
using Postrider.Mail.Headers;

namespace Postrider.Tests.Mail.Headers;

/// <summary>The messages of oracle 61 and 82.</summary>
public sealed class OriginatorFieldsTests
{
    private const string Date = "Date: Fri, 20 Nov 2026 23:22:00 GMT\n";
    private const string From = "From: a@example.net\n";
    private const string Id = "Message-Id: <202611202322.6AKNM0Zj003319@mx.oracle.test>\n";

    [Theory]
    [InlineData("Subject: x\n", Date + From + Id + "Subject: x\n")]
    [InlineData("From: a\nSubject: x\n", Date + Id + "From: a\nSubject: x\n")]
    [InlineData("Date: garbage\nFrom: a\n", Id + "Date: garbage\nFrom: a\n")]
    [InlineData("Bcc: bob\nSubject: x\n", Date + From + Id + "Bcc:\nSubject: x\n")]
    [InlineData("To: c\nBcc: bob\n", Date + From + Id + "To: c\n")]
    [InlineData("Return-Path: <fake@fake>\nContent-Length: 5\n", Date + From + Id)]
    [InlineData("Resent-To: bob\nTo: alice\n", "Resent-" + Date + Date + "Resent-" + From + From + "Resent-" + Id + Id + "Resent-To: bob\nTo: alice\n")]
    [InlineData("Full-Name: F N\n", Date + "From: F N <a@example.net>\n" + Id)]
    [InlineData("Full-Name: F. N\n", Date + "From: \"F. N\" <a@example.net>\n" + Id)]
    public void What_is_missing_is_added_and_what_must_not_travel_removed(string before, string after)
    {
        HeaderSection section = HeaderSection.Parse(Encoding.ASCII.GetBytes(before.ReplaceLineEndings("\r\n") + "\r\n"), out _);
        OriginatorFields fields = new()
        {
            Time = new DateTimeOffset(2026, 11, 20, 23, 22, 0, TimeSpan.Zero),
            QueueId = "6AKNM0Zj003319",
            HostName = "mx.oracle.test",
            Originator = "a@example.net",
        };
        fields.Apply(section);
        ArrayBufferWriter<byte> writer = new();
        section.WriteTo(writer);
        Assert.Equal(after + "\n", Encoding.ASCII.GetString(writer.WrittenSpan).Replace("\r\n", "\n", StringComparison.Ordinal));
    }
}
