using System.Net;
using Postrider.Mta.AddressTest;
using Postrider.Mta.Dns;
using Postrider.Sendmail.Rewriting.TestMode;

namespace Postrider.Tests.Mta.AddressTest;

/// <summary>What the address test mode learns of the DNS; mail exchangers as sendmail 8.17 printed them for the same zone (oracle 80).</summary>
public sealed class DnsTestNetworkTests
{
    private sealed class Zone : IDnsResolver
    {
        public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken) => new((name, type) switch
        {
            ("multi.example.org", DnsRecordType.Mx) => new DnsAnswer(DnsStatus.Found) { Exchanges = [(10, "mx11.example.org"), (20, "mx12.example.org")] },
            ("nullmx.example.org", DnsRecordType.Mx) => new DnsAnswer(DnsStatus.Found) { Exchanges = [(0, "")] },
            ("mx1.example.org", DnsRecordType.A) => new DnsAnswer(DnsStatus.Found) { Addresses = [IPAddress.Parse("127.3.0.1")] },
            ("mx1.example.org", DnsRecordType.Aaaa) => new DnsAnswer(DnsStatus.Found) { Addresses = [IPAddress.Parse("2001:db8::1")] },
            ("alias.example.org", DnsRecordType.A) => new DnsAnswer(DnsStatus.Found) { Addresses = [IPAddress.Parse("127.3.0.1")], CanonicalName = "mx1.example.org" },
            ("alias.example.org", _) => new DnsAnswer(DnsStatus.NoData) { CanonicalName = "mx1.example.org" },
            ("1.0.3.127.in-addr.arpa", DnsRecordType.Ptr) => new DnsAnswer(DnsStatus.Found) { Texts = ["mx1.example.org"] },
            ("tempfail.test", _) => new DnsAnswer(DnsStatus.TemporaryFailure),
            ("mx1.example.org", _) or ("text.example.org", _) => new DnsAnswer(DnsStatus.NoData),
            _ => new DnsAnswer(DnsStatus.NoName),
        });
    }

    private readonly DnsTestNetwork network = new(new Zone());

    [Theory]
    [InlineData("multi.example.org", "mx11.example.org. mx12.example.org.")]
    [InlineData("mx1.example.org", "mx1.example.org.")]
    [InlineData("alias.example.org", "")]
    [InlineData("text.example.org", "")]
    [InlineData("bogus.invalid", "")]
    [InlineData("[127.0.0.1]", "[127.0.0.1]")]
    public async Task Exchangers_are_those_that_sendmail_prints(string domain, string hosts) =>
        Assert.Equal(hosts, string.Join(' ', (await network.MailExchangersAsync(domain, CancellationToken.None)).Hosts));

    [Fact]
    public async Task A_null_MX_and_a_silent_DNS_are_told_apart()
    {
        Assert.Same(TestModeExchangers.NullMx, await network.MailExchangersAsync("nullmx.example.org", CancellationToken.None));
        Assert.Same(TestModeExchangers.Unknown, await network.MailExchangersAsync("tempfail.test", CancellationToken.None));
    }

    [Fact]
    public async Task Addresses_are_of_the_family_that_is_asked_for()
    {
        Assert.Equal(["127.3.0.1", "2001:db8::1"], await network.AddressesAsync("mx1.example.org", null, CancellationToken.None));
        Assert.Equal(["2001:db8::1"], await network.AddressesAsync("mx1.example.org", "inet6", CancellationToken.None));
        Assert.Empty((await network.AddressesAsync("bogus.invalid", null, CancellationToken.None))!);
        Assert.Null(await network.AddressesAsync("tempfail.test", null, CancellationToken.None));
    }

    [Theory]
    [InlineData("multi.example.org", "mx", "MX 10 mx11.example.org.|MX 20 mx12.example.org.")]
    [InlineData("alias.example.org", "A", "CNAME mx1.example.org.|A 127.3.0.1")]
    [InlineData("127.3.0.1", "PTR", "PTR mx1.example.org")]
    [InlineData("mx1.example.org", "TXT", "TXT: no such record")]
    [InlineData("bogus.invalid", "A", "A: no such name")]
    [InlineData("tempfail.test", "A", "A: no answer, try again")]
    [InlineData("mx1.example.org", "BOGUS", "BOGUS: not a record type that is asked for here")]
    [InlineData("mx1.example.org", "15", "15: not a record type that is asked for here")]
    public async Task Records_are_told_with_what_became_of_the_question(string name, string type, string lines) =>
        Assert.Equal(lines.Split('|'), await network.RecordsAsync(name, type, CancellationToken.None));
}
