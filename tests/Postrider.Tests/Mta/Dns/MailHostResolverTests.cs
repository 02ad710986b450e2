using Postrider.Mta.Dns;
using Postrider.Tests.Mta.Delivery;

namespace Postrider.Tests.Mta.Dns;

public class MailHostResolverTests
{
    private readonly DnsTable dns = new();
    private readonly MailHostResolver resolver;

    public MailHostResolverTests() => resolver = new MailHostResolver(dns, "mx.oracle.test", ["oracle.test", "localhost"], () => false);

    [Theory]
    [InlineData("[192.0.2.1]", "[192.0.2.1]", 25, "192.0.2.1")]
    [InlineData("[192.0.2.1]:2525", "[192.0.2.1]", 2525, "192.0.2.1")]
    [InlineData("[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]", 25, "2001:db8::1")]
    [InlineData("[IPv6:2001:db8::1]:26", "[IPv6:2001:db8::1]", 26, "2001:db8::1")]
    [InlineData("[::1]:26", "[::1]", 26, "::1")]
    [InlineData("[smart.example.org]:587", "[smart.example.org]", 587, "")]
    public async Task A_bracketed_destination_is_taken_as_it_is(string destination, string name, int port, string address)
    {
        MailHost host = Assert.Single((await resolver.ResolveAsync(destination, default)).Hosts);
        Assert.Equal((name, port, address), (host.Name, host.Port, string.Join(' ', host.Addresses)));
        Assert.Equal(name, host.Display);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[192.0.2.1")]
    [InlineData("[192.0.2.1]x")]
    [InlineData("[192.0.2.1]:0")]
    [InlineData("[192.0.2.1]:99999")]
    [InlineData("x.example:smtp")]
    [InlineData("[IPv6:192.0.2.1]")]
    public async Task What_is_no_destination_fails_for_good(string destination) =>
        Assert.Equal("5.1.2", (await resolver.ResolveAsync(destination, default)).Failure?.Status.ToString());

    [Fact]
    public async Task Hosts_come_by_preference_each_once()
    {
        dns.Mx("x.example", (10, "a.example"), (20, "b.example"), (30, "A.example"));
        Assert.Equal(["a.example.", "b.example."], (await resolver.ResolveAsync("x.example", default)).Hosts.Select(h => h.Display), StringComparer.Ordinal);
    }

    // RFC 5321 §5.1
    [Fact]
    public async Task A_domain_with_an_address_and_no_MX_is_its_own_host()
    {
        dns.A("x.example", "192.0.2.1");
        MailHost host = Assert.Single((await resolver.ResolveAsync("x.example.:26", default)).Hosts);
        Assert.Equal(("x.example", 26), (host.Name, host.Port));
        Assert.Equal("192.0.2.1", Assert.Single((await resolver.AddressesAsync(host, default)).Addresses).ToString());
    }

    // sendmail 8.17, oracle 89: backup.example.org MX 10 mx1, 20 us
    [Fact]
    public async Task Where_this_host_is_in_the_list_only_better_preferences_are_left()
    {
        dns.Mx("backup.example.org", (10, "mx1.example.org"), (20, "mx2.example.org"), (20, "MX.oracle.test"), (30, "mx3.example.org"));
        Assert.Equal("mx1.example.org", Assert.Single((await resolver.ResolveAsync("backup.example.org", default)).Hosts).Name);
    }

    [Fact]
    public async Task A_list_that_points_back_is_a_loop_and_an_alarm()
    {
        dns.Mx("loop.example.org", (10, "mx.oracle.test"), (20, "mx1.example.org"));
        MxFailure failure = (await resolver.ResolveAsync("loop.example.org", default)).Failure!;
        Assert.Equal(("5.3.5", "Local configuration error", "MX list for loop.example.org. points back to mx.oracle.test"), (failure.Status.ToString(), failure.Message, failure.Alarm));
    }

    [Fact]
    public async Task A_null_MX_beside_others_means_nothing()
    {
        dns.Mx("x.example", (0, ""), (10, "a.example"));
        Assert.Equal("a.example", Assert.Single((await resolver.ResolveAsync("x.example", default)).Hosts).Name);
    }

    [Fact]
    public async Task Addresses_that_could_not_be_asked_for_are_temporary()
    {
        dns.Fails("a.example", DnsRecordType.A);
        Assert.Equal(DnsStatus.TemporaryFailure, (await resolver.AddressesAsync(new MailHost("a.example", 25), default)).Status);
    }
}
