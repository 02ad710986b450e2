using System.Buffers;
using System.Text;
using Postrider.Mail.Headers;

namespace Postrider.Tests.Mail.Headers;

public sealed class HeaderSectionTests
{
    [Fact]
    public void Octets_order_and_folding_survive_exactly()
    {
        byte[] content = Encoding.Latin1.GetBytes("Subject: caf\u00e9\r\nFrom:no blank\r\nTo: a,\r\n\tb\r\nSubject: again\r\nX-Empty:\r\nCc:  \r\n\r\nbody");
        HeaderSection section = HeaderSection.Parse(content, out int body);

        Assert.Equal("body", Encoding.Latin1.GetString(content.AsSpan(body)));
        Assert.Equal(content.AsSpan(0, body).ToArray(), Written(section));
        Assert.Equal(body - 2, section.Octets);
    }

    [Fact]
    public void Blanks_before_the_colon_are_taken_away()
    {
        HeaderSection section = HeaderSection.Parse("X-Weird : v\r\n\r\n"u8, out _);
        Assert.Equal("X-Weird: v\r\n\r\n", Encoding.ASCII.GetString(Written(section)));
    }

    [Theory]
    [InlineData("just a body\r\n", 0, "just a body\r\n")]
    [InlineData("\r\nbody\r\n", 0, "body\r\n")]
    [InlineData(" leading space\r\nSubject: x\r\n\r\nb\r\n", 0, " leading space\r\nSubject: x\r\n\r\nb\r\n")]
    [InlineData("Subject: x\r\nthis is not a header\r\nmore\r\n", 1, "this is not a header\r\nmore\r\n")]
    [InlineData("Subject: x\r\nnot a: header\r\n", 1, "not a: header\r\n")]
    [InlineData(": no name\r\n", 0, ": no name\r\n")]
    [InlineData("From foo Thu Jan 1\r\nSubject: x\r\n\r\nFrom line in body\r\n", 1, "From line in body\r\n")]
    [InlineData("Subject: x\r\nFrom foo Thu Jan 1\r\n\r\nb\r\n", 1, "From foo Thu Jan 1\r\n\r\nb\r\n")]
    [InlineData("From : odd\r\n\r\nb", 1, "b")]
    [InlineData("Subject: x\r\n", 1, "")]
    [InlineData("Subject: x", 1, "")]
    [InlineData("no header", 0, "no header")]
    [InlineData("X: a\r\n b\r\n\r\nc", 1, "c")]
    [InlineData("X: a\r\n \r\n\r\nc", 1, "c")]
    [InlineData("", 0, "")]
    public void The_first_line_that_is_no_field_begins_the_body(string content, int fields, string body)
    {
        byte[] octets = Encoding.ASCII.GetBytes(content);
        HeaderSection section = HeaderSection.Parse(octets, out int bodyStart);
        Assert.Equal(fields, section.Count);
        Assert.Equal(body, Encoding.ASCII.GetString(octets.AsSpan(bodyStart)));
    }

    [Fact]
    public void Text_is_unfolded_and_decoded()
    {
        HeaderSection section = HeaderSection.Parse("Subject: a\r\n folded\r\n\tvery\r\nX: gr\u00fc\u00df\r\n\r\n"u8, out _);
        Assert.Equal("a folded\tvery", section.Find("subject")!.Value.Text);
        Assert.Equal("gr\u00fc\u00df", section.Find("x")!.Value.Text);
        Assert.Null(section.Find("Y"));
        Assert.Equal("\u00e9", HeaderSection.Parse([(byte)'X', (byte)':', 0xe9], out _).Find("X")!.Value.Text);
    }

    [Fact]
    public void Hops_are_counted_and_new_trace_goes_on_top()
    {
        HeaderSection section = HeaderSection.Parse("Received: a\r\nreceived: b\r\nSubject: x\r\n\r\n"u8, out _);
        section.AddOnTop(HeaderField.Of("Received", "from c\r\n\tby d"));
        section.Remove("subject");
        Assert.Equal(3, section.CountOf("Received"));
        Assert.Equal("Received: from c\r\n\tby d\r\nReceived: a\r\nreceived: b\r\n\r\n", Encoding.ASCII.GetString(Written(section)));
    }

    [Theory]
    [InlineData("a\r\nBcc: x")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("a\r\n")]
    public void A_value_cannot_add_a_field(string value) => Assert.Throws<ArgumentException>(() => HeaderField.Of("X", value));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:")]
    [InlineData("\u00e9")]
    public void A_name_is_printable_ascii(string name) => Assert.Throws<ArgumentException>(() => HeaderField.Of(name, "x"));

    private static byte[] Written(HeaderSection section)
    {
        ArrayBufferWriter<byte> writer = new();
        section.WriteTo(writer);
        return writer.WrittenSpan.ToArray();
    }
}
