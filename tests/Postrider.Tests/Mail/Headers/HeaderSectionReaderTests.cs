using System.Buffers;
using System.Text;
using Postrider.Mail.Headers;

namespace Postrider.Tests.Mail.Headers;

public sealed class HeaderSectionReaderTests
{
    private static readonly string[] Contents =
    [
        "Subject: x\r\nTo: a,\r\n b\r\n\r\nbody\r\nmore\r\n",
        "Subject: x\r\nthis is not a header\r\nmore\r\n",
        "Subject: x\r\nword\r\nmore\r\n",
        "word\r\nmore\r\n",
        "From foo Thu Jan 1\r\nSubject: x\r\n\r\nb\r\n",
        "From\r\nb\r\n",
        " leading\r\nSubject: x\r\n",
        "\r\n",
        "X: a\r\n\r\n\r\n\r\n",
        "X: bare\nlf\rcr\r\n\r\nb",
        "\rx\r\n",
        "X: no end",
        "X : y\r\n\tz",
    ];

    public static TheoryData<string> AllContents => new(Contents);

    [Theory]
    [MemberData(nameof(AllContents))]
    public void Every_way_of_slicing_gives_the_same_section_and_body(string content)
    {
        byte[] octets = Encoding.ASCII.GetBytes(content);
        HeaderSection.Parse(octets, out int bodyStart);
        (string section, string body) whole = Read(octets, [octets.Length]);
        Assert.Equal(content[bodyStart..], whole.body);
        for (int size = 1; size < octets.Length; size++)
        {
            Assert.Equal(whole, Read(octets, [size]));
            Assert.Equal(whole, Read(octets, [size, 1]));
            Assert.Equal(whole, Read(octets, [size, octets.Length]));
        }
    }

    [Fact]
    public void More_octets_than_allowed_stop_the_reading()
    {
        HeaderSectionReader reader = new(new HeaderSectionLimits(MaxOctets: 20));
        reader.Feed("Subject: 12345678\r\n"u8);
        Assert.Equal(HeaderSectionState.Reading, reader.State);
        reader.Feed("X: y\r\n"u8);
        Assert.Equal(HeaderSectionState.TooManyOctets, reader.State);
    }

    [Fact]
    public void A_header_section_of_exactly_the_limit_is_taken()
    {
        HeaderSectionReader reader = new(new HeaderSectionLimits(MaxOctets: 19));
        Assert.Equal(21, reader.Feed("Subject: 12345678\r\n\r\nbody"u8));
        Assert.Equal(HeaderSectionState.Complete, reader.State);
    }

    [Fact]
    public void A_long_field_without_end_is_bounded()
    {
        HeaderSectionReader reader = new(new HeaderSectionLimits(MaxOctets: 100));
        reader.Feed("X: "u8);
        for (int i = 0; i < 10 && reader.State == HeaderSectionState.Reading; i++) reader.Feed("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"u8);
        Assert.Equal(HeaderSectionState.TooManyOctets, reader.State);
    }

    [Fact]
    public void More_lines_than_allowed_stop_the_reading()
    {
        HeaderSectionReader reader = new(new HeaderSectionLimits(MaxLines: 2));
        reader.Feed("X: a\r\n b\r\n c\r\n"u8);
        Assert.Equal(HeaderSectionState.TooManyLines, reader.State);
    }

    [Fact]
    public void A_long_first_line_of_a_body_without_header_is_not_a_header_too_large()
    {
        HeaderSectionReader reader = new(new HeaderSectionLimits(MaxOctets: 100));
        byte[] line = new byte[500];
        line.AsSpan().Fill((byte)'b');
        line[4] = (byte)' ';
        Assert.Equal(0, reader.Feed(line));
        Assert.Equal(HeaderSectionState.Complete, reader.State);
    }

    private static (string Section, string Body) Read(byte[] octets, int[] sizes)
    {
        HeaderSectionReader reader = new(new HeaderSectionLimits());
        int at = 0;
        for (int turn = 0; at < octets.Length && reader.State == HeaderSectionState.Reading; turn++)
        {
            int size = Math.Min(sizes[Math.Min(turn, sizes.Length - 1)], octets.Length - at);
            at += reader.Feed(octets.AsSpan(at, size));
        }

        reader.End();
        ArrayBufferWriter<byte> writer = new();
        reader.Section.WriteTo(writer);
        string body = Encoding.ASCII.GetString(reader.BodyPrefix.Span) + Encoding.ASCII.GetString(octets.AsSpan(at));
        return (Encoding.ASCII.GetString(writer.WrittenSpan), body);
    }
}
