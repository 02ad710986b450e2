using Postrider.Mta.Dns;
using Postrider.Mta.Maps;
using Postrider.Sendmail.Maps;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Maps;

/// <summary>Values as sendmail 8.17 gave them with the same zone, hosts file and search list.</summary>
public sealed class HostMapTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("hostmap");

    private readonly ZoneDns zone = new ZoneDns()
        .Addresses("two.in.test", "127.5.0.1", "127.5.0.2").Addresses("six.in.test", "2001:db8::1").Addresses("mx.oracle.test", "127.0.1.1").Addresses("host1.oracle.test", "127.5.0.9")
        .Mx("onlymx.in.test", (5, "a.in.test")).Text("txt.in.test", DnsRecordType.Txt, "x").Text("1.0.5.127.in-addr.arpa", DnsRecordType.Ptr, "ptr1.in.test.")
        .Alias("al.in.test", "two.in.test").Alias("al2.in.test", "al.in.test").Alias("dead.in.test", "nothere.in.test").Alias("short.oracle.test", "mx.oracle.test").Silent("tmp.in.test").Silent("40.0.2.127.in-addr.arpa");

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [InlineData("two.in.test", "two.in.test.")]
    [InlineData("TWO.in.test", "TWO.in.test.")]
    [InlineData("two.in.test.", "two.in.test.")]
    [InlineData("al2.in.test", "two.in.test.")]
    [InlineData("onlymx.in.test", "onlymx.in.test.")]
    [InlineData("six.in.test", "six.in.test.")]
    [InlineData("txt.in.test", "?")]
    [InlineData("dead.in.test", "?")]
    [InlineData("nothere.in.test", "?")]
    [InlineData("tmp.in.test", "!tmp.in.test: Name server timeout")]
    [InlineData("host1", "host1.oracle.test.")]
    [InlineData("short", "mx.oracle.test.")]
    [InlineData("MX", "mx.oracle.test.")]
    [InlineData("localhost", "localhost.oracle.test.")]
    [InlineData("multi", "multi1.in.test.")]
    [InlineData("foo", "?")]
    [InlineData("[127.5.0.1]", "ptr1.in.test.")]
    [InlineData("[127.0.0.1]", "localhost.")]
    [InlineData("[10.9.8.6]", "multi1.")]
    [InlineData("[127.5.0.77]", "?")]
    [InlineData("[127.2.0.40]", "![127.2.0.40]: Name server timeout")]
    [InlineData("127.5.0.1", "?")]
    [InlineData("[two.in.test]", "?")]
    [InlineData("[foo", "?")]
    [InlineData("[IPv6:::7]", "?")]
    [InlineData("a b.in.test", "?")]
    public async Task Names_become_what_sendmail_makes_of_them(string host, string expected) =>
        Assert.Equal(expected, await NetworkMap.AskAsync(NetworkMap.Open("host host -a.", Services("hosts files dns", "search oracle.test")), host));

    [Theory]
    [InlineData("hosts files dns", "both.in.test", "files.in.test")]
    [InlineData("hosts dns files", "both.in.test", "two.in.test")]
    [InlineData("hosts files", "two.in.test", "?")]
    [InlineData("", "both.in.test", "two.in.test")]
    public async Task Order_of_sources_is_that_of_the_service_switch(string switches, string host, string expected)
    {
        zone.Alias("both.in.test", "two.in.test");
        Assert.Equal(expected, await NetworkMap.AskAsync(NetworkMap.Open("host host", Services(switches, "")), host));
    }

    [Theory]
    [InlineData("", "two", "two.in.test", "Aaaa two.oracle.test,Aaaa two.in.test,A two.in.test")]
    [InlineData("", "two.in", "two.in.test", "Aaaa two.in,Aaaa two.in.oracle.test,Aaaa two.in.in.test,Aaaa two.in.test,A two.in.test")]
    [InlineData("-DNSRCH", "two", "?", "Aaaa two.oracle.test")]
    [InlineData("-DNSRCH", "two.in", "?", "Aaaa two.in")]
    [InlineData("-DEFNAMES", "two", "two.in.test", "Aaaa two.oracle.test,Aaaa two.in.test,A two.in.test")]
    [InlineData("-DNSRCH -DEFNAMES", "two", "?", "")]
    [InlineData("", "onlymx", "onlymx.in.test", "Aaaa onlymx.oracle.test,Aaaa onlymx.in.test,A onlymx.in.test,Mx onlymx.in.test")]
    [InlineData("HasWildcardMX", "onlymx", "?", "Aaaa onlymx.oracle.test,Aaaa onlymx.in.test,A onlymx.in.test,Aaaa onlymx.test")]
    public async Task Search_list_is_tried_as_the_resolver_options_say(string options, string host, string expected, string asked)
    {
        Assert.Equal(expected, await NetworkMap.AskAsync(NetworkMap.Open("host host", Services("hosts dns", "search oracle.test in.test test", ("ResolverOptions", options))), host));
        Assert.Equal(asked, string.Join(',', zone.Asked));
    }

    [Theory]
    [InlineData("", "two", "two.oracle.test two.in.test")]
    [InlineData("-DNSRCH", "two", "two.oracle.test two")]
    [InlineData("-DEFNAMES", "two", "two")]
    [InlineData("-DNSRCH -DEFNAMES", "two.in", "two.in")]
    [InlineData("-DEFNAMES", "two.in", "two.in two.in.oracle.test two.in.in.test two.in.test")]
    [InlineData("", "two.in.", "two.in")]
    public async Task A_dns_map_searches_as_the_resolver_does(string options, string name, string asked)
    {
        await NetworkMap.AskAsync(NetworkMap.Open("x dns -R A", Services("", "search oracle.test in.test test", ("ResolverOptions", options))), name);
        Assert.Equal(asked, string.Join(' ', zone.Asked).Replace("A ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_alias_stays_where_the_site_says_so() =>
        Assert.Equal("al2.in.test", await NetworkMap.AskAsync(NetworkMap.Open("host host", Services("", "", ("DontExpandCnames", "True"))), "al2.in.test"));

    [Fact]
    public async Task That_there_was_no_answer_is_kept_for_half_a_minute()
    {
        ManualTimeProvider clock = new();
        MapServices services = Services("hosts dns", "") with { Time = clock };
        IMap map = NetworkMap.Open("host host", services);
        for (int i = 0; i < 3; i++) Assert.StartsWith("!", await NetworkMap.AskAsync(map, "tmp.in.test"), StringComparison.Ordinal);
        int asked = zone.Asked.Count;
        Assert.Equal(3, asked);
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.StartsWith("!", await NetworkMap.AskAsync(map, "tmp.in.test"), StringComparison.Ordinal);
        Assert.Equal(2 * asked, zone.Asked.Count);
    }

    [Fact]
    public async Task After_a_step_without_an_answer_no_other_name_is_tried()
    {
        zone.Addresses("tmp.in.test.oracle.test", "192.0.2.1");
        Assert.StartsWith("!", await NetworkMap.AskAsync(NetworkMap.Open("host host", Services("", "search oracle.test")), "tmp.in.test"), StringComparison.Ordinal);
    }

    private MapServices Services(string switches, string resolvConf, params (string Name, string Value)[] options)
    {
        const string Hosts = "127.0.0.1 localhost\n127.0.1.1 mx.oracle.test mx\n10.9.8.6 multi1 multi1.in.test multi\n10.9.8.5 files.in.test both.in.test\n";
        MapServices services = NetworkMap.Services(zone, [.. options, ("HostsFile", Written("hosts", Hosts)), ("ServiceSwitchFile", Written("switch", switches))]);
        return services with { ResolvConfPath = Written("resolv.conf", resolvConf) };
    }

    private string Written(string name, string text)
    {
        string path = Path.Combine(directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
