using System.Net.Sockets;
using Postrider.Mta.Maps;
using Postrider.Sendmail.Maps;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Maps;

/// <summary>The protocol as sendmail 8.17 speaks it, and what it does with bad answers.</summary>
public sealed class SocketMapTests
{
    [Theory]
    [InlineData("OK value here", "value here")]
    [InlineData("OK ", "")]
    [InlineData("OK %0 and %1 x", "key and one x")]
    [InlineData("OK a\u0001\u007fb\nc", "aXXbXc")]
    [InlineData("NOTFOUND ", "?")]
    [InlineData("NOTFOUND", "?")]
    [InlineData("PERM bad thing", "?")]
    [InlineData("TEMP try later", "!try later")]
    [InlineData("TIMEOUT late", "!late")]
    [InlineData("HELLO", "!got invalid reply, HELLO")]
    [InlineData("", "!got invalid reply, ")]
    public async Task Each_reply_has_its_meaning(string reply, string expected)
    {
        await using FakeSocketMapServer server = new() { Answer = _ => FakeSocketMapServer.Netstring(reply) };
        string answer = await NetworkMap.AskAsync(Map(server, ""), "Key", "one");
        Assert.Equal(expected.Replace("key", "Key", StringComparison.Ordinal), answer.Replace($"socket_map_lookup(m): 127.0.0.1:{server.Port}: ", "", StringComparison.Ordinal));
        Assert.Equal("m key", Assert.Single(server.Requests));
    }

    [Theory]
    [InlineData("-f ", "KEY", "m KEY", "v")]
    [InlineData("-m ", "KEY", "m key", "KEY")]
    [InlineData("-a.X ", "key", "m key", "v.X")]
    public async Task Flags_are_those_of_every_map(string flags, string key, string request, string expected)
    {
        await using FakeSocketMapServer server = new() { Answer = static _ => "4:OK v," };
        Assert.Equal(expected, await NetworkMap.AskAsync(Map(server, flags), key));
        Assert.Equal(request, Assert.Single(server.Requests));
    }

    [Theory]
    [InlineData("5:OK abX", "missing ',' in reply")]
    [InlineData("abc:OK ab,", "failed to read length parameter of reply")]
    [InlineData(":OK,", "failed to read length parameter of reply")]
    [InlineData("9999999999:OK", "failed to read length parameter of reply")]
    [InlineData("999999999:OK", "reply too long: 999999999")]
    [InlineData("", "the server ended the connection")]
    public async Task Garbage_is_a_temporary_failure_and_the_next_question_has_a_fresh_connection(string garbage, string reason)
    {
        await using FakeSocketMapServer server = new();
        bool isBad = true;
        server.Answer = _ => isBad ? garbage : "4:OK v,";
        IMap map = Map(server, "");
        Assert.EndsWith(reason, await NetworkMap.AskAsync(map, "key"), StringComparison.Ordinal);
        isBad = false;
        Assert.Equal("v", await NetworkMap.AskAsync(map, "key"));
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task One_connection_serves_question_after_question()
    {
        await using FakeSocketMapServer server = new() { Answer = static request => FakeSocketMapServer.Netstring("OK " + request) };
        IMap map = Map(server, "");
        for (int i = 0; i < 20; i++) Assert.Equal($"m {i}", await NetworkMap.AskAsync(map, $"{i}"));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_connection_that_was_closed_while_idle_is_replaced()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("sm").FullName, "s");
        IMap map = NetworkMap.Open($"m socket unix:{path}", NetworkMap.Services());
        for (int i = 0; i < 2; i++)
        {
            await using FakeSocketMapServer server = new(new UnixDomainSocketEndPoint(path)) { Answer = static _ => "4:OK v," };
            Assert.Equal("v", await NetworkMap.AskAsync(map, "key"));
            File.Delete(path);
        }

        Assert.StartsWith("!", await NetworkMap.AskAsync(map, "key"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_ask_at_once_and_each_has_its_own_answer()
    {
        await using FakeSocketMapServer server = new() { Answer = static request => FakeSocketMapServer.Netstring("OK " + request) };
        IMap map = Map(server, "");
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => NetworkMap.AskAsync(map, $"{i}")));
        Assert.Equal(string.Join(",", Enumerable.Range(0, 100).Select(static i => $"m {i}")), string.Join(",", answers));
        Assert.InRange(server.Connections, 1, 16);
    }

    [Fact]
    public async Task Silence_is_a_temporary_failure_after_the_time_of_d()
    {
        await using FakeSocketMapServer server = new() { Answer = static _ => null };
        ManualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        MapServices services = NetworkMap.Services() with { Time = clock };
        Task<string> answer = NetworkMap.AskAsync(NetworkMap.Open($"m socket -d7 inet:{server.Port}@127.0.0.1", services), "key");
        while (server.Requests.IsEmpty) await Task.Delay(1, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(answer.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.EndsWith("read timeout", await answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unix:/nonexistent/socket", "!")]
    [InlineData("local:/nonexistent/socket", "!")]
    [InlineData("foo", "!")]
    [InlineData("inet:99999@127.0.0.1", "!")]
    [InlineData("inet:1@", "!")]
    [InlineData("-o unix:/nonexistent/socket", "?")]
    public async Task A_server_that_is_not_there_is_a_temporary_failure_unless_it_is_optional(string argument, string expected) =>
        Assert.StartsWith(expected, await NetworkMap.AskAsync(NetworkMap.Open("m socket " + argument, NetworkMap.Services()), "key"), StringComparison.Ordinal);

    [Fact]
    public async Task A_host_name_is_looked_up()
    {
        await using FakeSocketMapServer server = new() { Answer = static _ => "4:OK v," };
        Assert.Equal("v", await NetworkMap.AskAsync(NetworkMap.Open($"m socket inet:{server.Port}@maps.in.test", NetworkMap.Services(new ZoneDns().Addresses("maps.in.test", "127.0.0.1"))), "key"));
        Assert.EndsWith("maps.in.test has no address", await NetworkMap.AskAsync(NetworkMap.Open($"m socket inet:{server.Port}@maps.in.test", NetworkMap.Services(new ZoneDns())), "key"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_address_the_line_is_refused() =>
        Assert.Equal("No file name for socket map m", Assert.Throws<FormatException>(static () => NetworkMap.Open("m socket -o", NetworkMap.Services())).Message);

    private static IMap Map(FakeSocketMapServer server, string flags) => NetworkMap.Open($"m socket {flags}inet:{server.Port}@127.0.0.1", NetworkMap.Services());
}
