using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

public sealed class MemoryTests
{
    [Fact]
    public async Task Message_of_100_MB_costs_no_more_memory_than_a_small_one()
    {
        await using TestSite site = await TestSite.CreateAsync();
        await using Daemon daemon = await site.StartAsync();
        for (int i = 0; i < 50; i++) await SendAsync(site.Port, 20_000);
        await site.DeliveredAsync("alice", 50);
        long before = PeakMemory(daemon.Id);
        await SendAsync(site.Port, 100_000_000);
        await site.DeliveredAsync("alice", 51);
        long grown = PeakMemory(daemon.Id) - before;
        Assert.True(grown < 40_000, string.Create(CultureInfo.InvariantCulture, $"the peak grew by {grown} KiB"));
        Assert.Contains(site.Mailbox("alice"), path => new FileInfo(path).Length > 98_000_000);
    }

    /// <summary>VmHWM in KiB.</summary>
    private static long PeakMemory(int id) =>
        long.Parse(File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static async Task SendAsync(int port, int octets)
    {
        using TcpClient client = new("127.0.0.1", port) { NoDelay = true };
        NetworkStream stream = client.GetStream();
        using StreamReader reader = new(stream, Encoding.Latin1);
        await ExpectAsync(reader, '2');
        foreach (string command in new[] { "HELO load.example", "MAIL FROM:<s@example.net>", "RCPT TO:<alice@example.com>", "DATA" })
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(command + "\r\n"));
            await ExpectAsync(reader, command == "DATA" ? '3' : '2');
        }

        await stream.WriteAsync("Subject: size\r\n\r\n"u8.ToArray());
        byte[] block = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 200)));
        for (int sent = 0; sent < octets; sent += block.Length) await stream.WriteAsync(block);
        await stream.WriteAsync(".\r\n"u8.ToArray());
        await ExpectAsync(reader, '2');
    }

    private static async Task ExpectAsync(StreamReader reader, char first)
    {
        string? line = await reader.ReadLineAsync();
        Assert.True(line?.StartsWith(first) == true, line);
    }
}
