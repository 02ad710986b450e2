using Postrider.Mta.Dns;
using static Postrider.Tests.Mta.Dns.FakeNameServer;

namespace Postrider.Tests.Mta.Dns;

public class DnsMessageReaderTests
{
    private static readonly DnsQuestion question = DnsQuestion.Create("x.example", DnsRecordType.Mx)!;
    private static readonly Query query = new(question.Encode(0x1234, withEdns: true), false, 0);

    [Fact]
    public void Compressed_names_are_read()
    {
        byte[] message = query.Reply(0, [0xC0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 7, 0, 10, 2, (byte)'m', (byte)'x', 0xC0, 12]);
        Assert.True(DnsMessageReader.TryRead(message, 0x1234, question, out DnsResponse response));
        Assert.Equal(("x.example", 10, "mx.x.example", 60u), Assert.Single(response.Answers) is var r ? (r.Name, r.Preference, r.Text, r.TimeToLive) : default);
    }

    [Theory]
    [InlineData(27)] // to itself
    [InlineData(28)] // forwards
    [InlineData(200)] // outside
    public void A_pointer_that_does_not_lead_backwards_is_refused(byte target)
    {
        byte[] message = query.Reply(0, [0xC0, target, 0, 15, 0, 1, 0, 0, 0, 60, 0, 4, 0, 10, 0xC0, target]);
        Assert.False(DnsMessageReader.TryRead(message, 0x1234, question, out _), $"a pointer to {target} was followed");
    }

    [Fact]
    public void A_name_above_255_octets_is_refused()
    {
        byte[] name = [.. Enumerable.Range(0, 5).SelectMany(_ => (byte[])[63, .. new byte[63]]), 0];
        Assert.False(DnsMessageReader.TryRead(query.Reply(0, [.. name, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]), 0x1234, question, out _));
    }

    [Fact]
    public void What_is_no_plain_character_in_a_name_is_escaped()
    {
        byte[] message = query.Reply(0, Record("x.example", 15, 1, [0, 1, 5, (byte)'a', (byte)'.', 10, 0, (byte)'\\', 0]));
        Assert.True(DnsMessageReader.TryRead(message, 0x1234, question, out DnsResponse response));
        Assert.Equal("a\\046\\010\\000\\092", response.Answers[0].Text);
    }

    [Theory]
    [InlineData(1, new byte[] { 1, 2, 3 })]
    [InlineData(28, new byte[] { 1, 2, 3, 4 })]
    [InlineData(15, new byte[] { 0 })]
    [InlineData(15, new byte[] { 0, 1, 0, 9 })]
    [InlineData(16, new byte[] { 5, 1 })]
    [InlineData(5, new byte[] { })]
    [InlineData(6, new byte[] { 0, 0, 1 })]
    public void Content_that_does_not_fit_its_type_is_refused(int type, byte[] content) =>
        Assert.False(DnsMessageReader.TryRead(query.Reply(0, Record("x.example", type, 1, content)), 0x1234, question, out _));

    [Fact]
    public void Whatever_the_octets_reading_ends_and_stays_inside()
    {
        Random random = new(20261121);
        byte[] valid = query.Reply(0, Mx("x.example", 10, "mx.example"), Cname("a.example", "b.example"), A("c.example", "192.0.2.1"), Record("t.example", 16, 5, [3, 1, 2, 3]),
            Record("s.example", 33, 5, [0, 1, 0, 2, 0, 3, 1, (byte)'x', 0]), [0xC0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 4, 0, 10, 0xC0, 12]);
        int read = 0;
        for (int round = 0; round < 200_000; round++)
        {
            byte[] message = [.. valid.AsSpan(0, random.Next(3) == 0 ? random.Next(valid.Length + 1) : valid.Length)];
            for (int flips = random.Next(6); flips > 0 && message.Length > 0; flips--)
            {
                int at = random.Next(4) == 0 ? random.Next(message.Length) : Math.Min(message.Length - 1, 27 + random.Next(Math.Max(1, message.Length - 27)));
                message[at] = random.Next(3) == 0 ? (byte)0xC0 : (byte)random.Next(256);
            }

            if (DnsMessageReader.TryRead(message, 0x1234, question, out DnsResponse response)) read += response.Answers.Count;
        }

        Assert.True(read > 1000, "the seed no longer gives messages that can be read");
    }
}
