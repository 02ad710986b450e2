using System.Net;
using Postrider.Mta.Dns;
using Postrider.Mta.Maps;
using Postrider.Sendmail.Maps;
using Postrider.Tests.Mta.Dns;

namespace Postrider.Tests.Mta.Maps;

/// <summary>Values as sendmail 8.17 gave them with the same zone.</summary>
public sealed class DnsMapTests
{
    private static readonly ZoneDns Zone = new ZoneDns()
        .Addresses("two.in.test", "127.5.0.1", "127.5.0.2", "::1").Addresses("host1.oracle.test", "127.5.0.9")
        .Mx("mm.in.test", (10, "a.in.test"), (20, "b.in.test"), (30, "c.in.test")).Mx("null.in.test", (0, ""))
        .Text("ns.in.test", DnsRecordType.Ns, "n1.in.test", "n2.in.test").Text("1.0.5.127.in-addr.arpa", DnsRecordType.Ptr, "ptr1.in.test")
        .Text("txt.in.test", DnsRecordType.Txt, "hello  world \"q\" <x@y> (c)").Text("ctl.in.test", DnsRecordType.Txt, "a\x01\u00c2\u0082b\r\nQUIT").Text("pct.in.test", DnsRecordType.Txt, "%0 is %1")
        .Text("al.in.test", DnsRecordType.Cname, "two.in.test").Text("srv.in.test", DnsRecordType.Srv, "1 2 25 s.in.test").Text("afs.in.test", DnsRecordType.Afsdb, "afs1.in.test")
        .Text("tlsa.in.test", DnsRecordType.Tlsa, "03 01 01 00:01").Silent("tmp.in.test");

    [Theory]
    [InlineData("x dns -R A", "two.in.test", "127.5.0.1")]
    [InlineData("x dns -RA", "two.in.test", "127.5.0.1")]
    [InlineData("x dns -R a -z,", "two.in.test", "127.5.0.1,127.5.0.2")]
    [InlineData("x dns -R A -z, -Z1", "two.in.test", "127.5.0.1")]
    [InlineData("x dns -R A -m", "two.in.test", "two.in.test")]
    [InlineData("x dns -R A -a.FOUND", "two.in.test", "127.5.0.1.FOUND")]
    [InlineData("x dns -R A -B in.test", "two", "127.5.0.1")]
    [InlineData("x dns -R A -B in.test", "two.in.test", "?")]
    [InlineData("x dns -R AAAA", "two.in.test", "IPv6:0:0:0:0:0:0:0:1")]
    [InlineData("x dns -R MX", "mm.in.test", "a.in.test")]
    [InlineData("x dns -R MX -z, -Z2", "mm.in.test", "a.in.test,b.in.test")]
    [InlineData("x dns -R MX", "null.in.test", "")]
    [InlineData("x dns -R MX", "two.in.test", "?")]
    [InlineData("x dns -R NS -z\\n", "ns.in.test", "n1.in.test\nn2.in.test")]
    [InlineData("x dns -R NS -z+", "ns.in.test", "n1.in.test+n2.in.test")]
    [InlineData("x dns -R PTR", "1.0.5.127.in-addr.arpa", "ptr1.in.test")]
    [InlineData("x dns -R TXT", "txt.in.test", "hello  world \"q\" <x@y> (c)")]
    [InlineData("x dns -R CNAME", "al.in.test", "two.in.test")]
    [InlineData("x dns -R SRV", "srv.in.test", "s.in.test")]
    [InlineData("x dns -R AFSDB", "afs.in.test", "afs1.in.test")]
    [InlineData("x dns -R TLSA", "tlsa.in.test", "03 01 01 00:01")]
    [InlineData("x dns -R RRSIG", "tlsa.in.test", "?")]
    [InlineData("x dns -R A", "nothere.in.test", "?")]
    [InlineData("x dns -R A", "no such name", "?")]
    [InlineData("x dns -R A", "tmp.in.test", "!tmp.in.test: Name server timeout")]
    [InlineData("x dns -R A", "host1", "127.5.0.9")]
    public async Task Each_type_and_flag_answers_as_sendmail(string line, string key, string expected) =>
        Assert.Equal(expected, await NetworkMap.AskAsync(NetworkMap.Open(line, NetworkMap.Services(Zone)), key));

    [Fact]
    public async Task Control_characters_and_octets_beyond_ascii_of_an_answer_become_harmless() =>
        Assert.Equal("aXXXbXXQUIT", await NetworkMap.AskAsync(NetworkMap.Open("x dns -R TXT", NetworkMap.Services(Zone)), "ctl.in.test"));

    [Fact]
    public async Task Arguments_stand_in_the_answer() =>
        Assert.Equal("pct.in.test is one", await NetworkMap.AskAsync(NetworkMap.Open("x dns -R TXT", NetworkMap.Services(Zone)), "pct.in.test", "one"));

    [Fact]
    public async Task Compressed_ipv6_addresses_are_an_option() =>
        Assert.Equal("IPv6:::1", await NetworkMap.AskAsync(NetworkMap.Open("x dns -R AAAA", NetworkMap.Services(Zone, ("UseCompressedIPv6Addresses", "True"))), "two.in.test"));

    [Theory]
    [InlineData("x dns", "dns map x: missing -R type")]
    [InlineData("x dns -R FOO", "dns map x: wrong type FOO")]
    [InlineData("x dns -R SOA", "dns map x: wrong type SOA")]
    [InlineData("x dns -R ANY", "dns map x: wrong type ANY")]
    [InlineData("x dns -R 1", "dns map x: wrong type 1")]
    [InlineData("x dns -R A -@ns.example.net", "dns map x: ns.example.net is no address of a name server")]
    public void What_the_line_lacks_is_said(string line, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => NetworkMap.Open(line, NetworkMap.Services(Zone))).Message);

    [Fact]
    public void Server_patience_and_attempts_are_those_of_the_flags()
    {
        ZoneDns zone = new();
        NetworkMap.Open("x dns -R A -d3 -r2 -@127.77.0.54", NetworkMap.Services(zone));
        DnsVariation variation = Assert.Single(zone.Variations);
        Assert.Equal((TimeSpan.FromSeconds(3), 2, new IPEndPoint(IPAddress.Parse("127.77.0.54"), 53), true), (variation.Timeout, variation.Attempts, Assert.Single(variation.Servers), variation.WithoutHosts));
    }

    [Theory]
    [InlineData("x dns -R A")]
    [InlineData("x bestmx")]
    [InlineData("x host")]
    public async Task Without_a_resolver_every_answer_is_a_temporary_failure(string line) =>
        Assert.StartsWith("!", await NetworkMap.AskAsync(NetworkMap.Open(line, NetworkMap.Services()), "two.in.test"), StringComparison.Ordinal);

    [Fact]
    public async Task A_map_with_D_knows_nothing_while_mail_is_only_taken_in()
    {
        bool isDeferred = false;
        MapServices services = NetworkMap.Services(Zone) with { IsDeferred = () => isDeferred };
        IMap map = NetworkMap.Open("x dns -D -R A", services);
        Assert.Equal("127.5.0.1", await NetworkMap.AskAsync(map, "two.in.test"));
        isDeferred = true;
        Assert.Equal("?", await NetworkMap.AskAsync(map, "two.in.test"));
        Assert.Equal("127.5.0.1", await NetworkMap.AskAsync(NetworkMap.Open("x dns -R A", services), "two.in.test"));
    }

    [Theory]
    [InlineData("bestmx", "mm.in.test", "a.in.test.")]
    [InlineData("bestmx -z,", "mm.in.test", "a.in.test.,b.in.test.,c.in.test.")]
    [InlineData("bestmx -z: -a.", "mm.in.test", "a.in.test.:b.in.test.:c.in.test..")]
    [InlineData("bestmx", "two.in.test", "two.in.test.")]
    [InlineData("bestmx", "null.in.test", "?")]
    [InlineData("bestmx", "nothere.in.test", "?")]
    [InlineData("bestmx", "host1", "?")]
    [InlineData("bestmx", "tmp.in.test", "!tmp.in.test: Name server timeout")]
    [InlineData("arpa", "127.5.0.1", "1.0.5.127")]
    [InlineData("arpa -a.list.test", "127.5.0.1", "1.0.5.127.list.test")]
    [InlineData("arpa", "IPv6:2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2")]
    [InlineData("arpa", "2001:db8::1", "?")]
    [InlineData("arpa", "1.2.3", "?")]
    [InlineData("arpa", "[127.5.0.1]", "?")]
    [InlineData("arpa", "foo", "?")]
    public async Task Best_exchanger_and_reversed_address_are_those_of_sendmail(string line, string key, string expected) =>
        Assert.Equal(expected, await NetworkMap.AskAsync(NetworkMap.Open("x " + line, NetworkMap.Services(Zone)), key));

    [Fact]
    public async Task Answers_come_over_the_wire_and_the_hosts_file_does_not_count()
    {
        await using FakeNameServer server = new()
        {
            Answer = static q => [q.Type switch
            {
                18 => q.Reply(0, FakeNameServer.Record(q.Name, 18, 60, [0, 1, .. FakeNameServer.Name("cell.in.test")])),
                52 => q.Reply(0, FakeNameServer.Record(q.Name, 52, 60, [3, 1, 1, 0, 0x1f, 0xAB])),
                1 => q.Reply(0, FakeNameServer.A(q.Name, "192.0.2.7")),
                _ => q.Reply(3),
            }],
        };
        string hosts = Path.GetTempFileName();
        await File.WriteAllTextAsync(hosts, "192.0.2.99 in.test\n", TestContext.Current.CancellationToken);
        StubResolver resolver = new(new StubResolverSettings { Servers = [server.EndPoint], HostsPath = hosts, Attempts = 1 }, TimeProvider.System);
        MapServices services = NetworkMap.Services(resolver);
        Assert.Equal("cell.in.test", await NetworkMap.AskAsync(NetworkMap.Open("x dns -R AFSDB", services), "in.test"));
        Assert.Equal("03 01 01 00:1F:AB", await NetworkMap.AskAsync(NetworkMap.Open("x dns -R TLSA", services), "in.test"));
        Assert.Equal("192.0.2.7", await NetworkMap.AskAsync(NetworkMap.Open("x dns -R A", services), "in.test"));
        Assert.Equal("192.0.2.99", (await resolver.QueryAsync("in.test", DnsRecordType.A, TestContext.Current.CancellationToken)).Addresses.Single().ToString());
        File.Delete(hosts);
    }

    [Fact]
    public async Task A_name_server_that_says_nothing_is_a_temporary_failure()
    {
        await using FakeNameServer server = new() { Answer = static _ => [] };
        MapServices services = NetworkMap.Services(new StubResolver(new StubResolverSettings { HostsPath = "" }, TimeProvider.System));
        IMap map = NetworkMap.Open($"x dns -R A -d1 -r1 -@{server.EndPoint}", services);
        Assert.Equal("!two.in.test: Name server timeout", await NetworkMap.AskAsync(map, "two.in.test"));
        Assert.Single(server.Queries);
    }
}
