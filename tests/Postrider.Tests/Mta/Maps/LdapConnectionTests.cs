using Postrider.Sendmail.Maps;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Maps;

/// <summary>What a server may say that is no LDAP, or too much of it, or nothing.</summary>
public sealed class LdapConnectionTests
{
    private static readonly byte[] bound = [0x30, 0x0C, 2, 1, 1, 0x61, 7, 0x0A, 1, 0, 4, 0, 4, 0];
    private static readonly byte[] done = [0x30, 0x0C, 2, 1, 2, 0x65, 7, 0x0A, 1, 0, 4, 0, 4, 0];
    private static readonly byte[] entry = [0x30, 0x17, 2, 1, 2, 0x64, 0x12, 4, 1, (byte)'x', 0x30, 0x0D, 0x30, 0x0B, 4, 4, .. "mail"u8, 0x31, 3, 4, 1, (byte)'v'];

    [Fact]
    public async Task An_entry_and_its_end_are_an_answer() => Assert.Equal("v", await AskAsync([.. entry, .. done]));

    [Fact]
    public async Task Messages_that_belong_to_no_question_are_passed_over() => Assert.Equal("v", await AskAsync([0x30, 0x0C, 2, 1, 9, 0x65, 7, 0x0A, 1, 0, 4, 0, 4, 0, .. entry, .. done]));

    [Theory]
    [InlineData("485454502F312E3120343030", "the server does not speak LDAP")] // HTTP/1.1 400
    [InlineData("3080", "the server does not speak LDAP")]
    [InlineData("3085FFFFFFFFFF", "the server does not speak LDAP")]
    [InlineData("3084FFFFFFFF", "the answer has more than 4194304 octets")]
    [InlineData("300502010265FF", "the server does not speak LDAP")]
    [InlineData("3003020102", "the server does not speak LDAP")]
    [InlineData("300C02010263070A010004000400", "the server answers something else than was asked")]
    [InlineData("300C02010065070A010004000400", "the server ends the connection")]
    [InlineData("300C02010265070A013304000400", "Server is busy")]
    [InlineData("", "the server ended the connection")]
    public async Task Anything_else_is_a_temporary_failure(string octets, string reason) =>
        Assert.EndsWith(reason, await AskAsync(Convert.FromHexString(octets)), StringComparison.Ordinal);

    [Fact]
    public async Task Random_octets_never_become_an_answer()
    {
        Random random = new(8);
        for (int i = 0; i < 200; i++)
        {
            // Broken somewhere, then cut off: whatever it is, it ends, and is no "not found".
            byte[] octets = [.. entry, .. done];
            octets[random.Next(octets.Length)] = (byte)random.Next(256);
            Assert.DoesNotContain('\n', await AskAsync([.. octets, .. new byte[20]]));
        }
    }

    [Fact]
    public async Task Entries_without_end_are_a_temporary_failure()
    {
        byte[] many = [.. Enumerable.Repeat(entry, 200_000).SelectMany(static octets => octets)];
        Assert.EndsWith("the answer has more than 4194304 octets", await AskAsync(many), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Silence_is_a_temporary_failure_in_time(int from)
    {
        await using RawServer server = new(step => step < from ? bound : null);
        ManualTimeProvider clock = new();
        Task<string> answer = NetworkMap.AskAsync(NetworkMap.Open($"x ldap -c 9 -h 127.0.0.1 -p {server.Port} -k uid=%s", NetworkMap.Services() with { Time = clock }), "bob");
        while (server.Readings <= from) await Task.Delay(1, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(8.9));
        Assert.False(answer.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.EndsWith("Timed out", await answer, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(byte[] answer)
    {
        await using RawServer server = new(step => step switch { 0 => bound, 1 => answer, _ => [] });
        IMap map = NetworkMap.Open($"x ldap -c 5 -h 127.0.0.1 -p {server.Port} -k uid=%s -v mail", NetworkMap.Services());
        return await NetworkMap.AskAsync(map, "bob");
    }
}
