using Postrider.Mta.Policy;

namespace Postrider.Tests.Mta.Policy;

public sealed class RelayDomainsTests
{
    private readonly RelayDomains domains = new(["Example.ORG", "192.0.2", "10.1.2.3", "IPv6:2001:db8"]);

    [Theory]
    [InlineData("example.org", true)]
    [InlineData("deep.sub.EXAMPLE.org", true)]
    [InlineData("notexample.org", false)]
    [InlineData("org", false)]
    [InlineData("", false)]
    public void Domain_covers_itself_and_what_is_below(string domain, bool matches) => Assert.Equal(matches, domains.MatchDomain(domain) is not null);

    [Theory]
    [InlineData("192.0.2.200", true)]
    [InlineData("192.0.20.1", false)]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.1.2.34", false)]
    [InlineData("IPv6:2001:db8:1::5", true)]
    [InlineData("IPv6:2001:db80::5", false)]
    public void Prefix_ends_between_parts(string address, bool matches) => Assert.Equal(matches, domains.MatchAddress(address) is not null);
}
