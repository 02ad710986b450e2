using System.Text;
using Postrider.Mail;
using Postrider.Mta.Receiving;
using Postrider.Smtp.Server;

namespace Postrider.Tests.Mta.Receiving;

/// <summary>The body streams: what is allocated does not grow with it. Counted, not timed.</summary>
public sealed class AllocationTests
{
    [Fact]
    public async Task Body_costs_no_allocation_per_line()
    {
        const string Head = "From: a@example.net\r\nTo: alice@oracle.test\r\nSubject: x\r\n\r\n";
        long small = await AllocatedAsync(Head + Lines(10));
        long large = await AllocatedAsync(Head + Lines(20_000));
        Assert.True(large - small < 20_000, $"10 lines: {small} octets, 20,000 lines: {large} octets");
    }

    private static string Lines(int count) => new StringBuilder().Insert(0, "a line of an ordinary message\r\n", count).ToString();

    private static async Task<long> AllocatedAsync(string message)
    {
        ReceivingSite site = new();
        site.Queue.KeepsContent = false;
        await using MtaSessionHandler handler = await site.ConnectAsync("127.2.0.10");
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            FixedContent content = new(Encoding.ASCII.GetBytes(message));
            long before = GC.GetAllocatedBytesForCurrentThread();
            MailAnswer answer = await handler.MailAsync(ReversePath.Of("a@example.net"), MailParameters.None, CancellationToken.None);
            await using IMailTransaction transaction = answer.Transaction!;
            await transaction.RecipientAsync(ForwardPath.Of("alice@oracle.test"), RcptParameters.None, CancellationToken.None);
            Assert.True((await transaction.ReceiveAsync(content, CancellationToken.None)).IsPositive);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private sealed class FixedContent(byte[] octets) : SmtpContent
    {
        private int at;

        public override long Octets => at;

        public override ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
        {
            int length = Math.Min(4096, octets.Length - at);
            at += length;
            return new ValueTask<ReadOnlyMemory<byte>>(octets.AsMemory(at - length, length));
        }
    }
}
