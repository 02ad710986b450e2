using Postrider.Mta.Routing;
using Postrider.Tests.Mta.Receiving;

namespace Postrider.Tests.Mta.Routing;

public sealed class AddressCanonifierTests
{
    private readonly AddressCanonifier canonifier = new(ReceivingSite.Local);

    [Theory]
    [InlineData("alice", "alice", true)]
    [InlineData("ALICE@Oracle.TEST", "ALICE@oracle.test", true)]
    [InlineData("root@oracle.test.", "root@oracle.test", true)]
    [InlineData("alice@sub.oracle.test", "alice@sub.oracle.test", false)]
    [InlineData("@oracle.test:someone@example.org", "someone@example.org", false)]
    [InlineData("@a,@b:c@example.net", "c@example.net", false)]
    [InlineData("@mx.oracle.test:alice@oracle.test", "alice@oracle.test", true)]
    [InlineData("someone%example.org@oracle.test", "someone@example.org", false)]
    [InlineData("a%b%c.example@oracle.test", "a%b@c.example", false)]
    [InlineData("a%oracle.test%mx.oracle.test@oracle.test", "a@oracle.test", true)]
    [InlineData("someone%example.org", "someone@example.org", false)]
    [InlineData("someone%b@example.org", "someone%b@example.org", false)]
    [InlineData("example.org!someone", "someone@example.org", false)]
    [InlineData("host!user", "user@host.uucp", false)]
    [InlineData("example.org!alice@oracle.test", "alice@example.org", false)]
    [InlineData("oracle.test!someone@example.org", "oracle.test!someone@example.org", false)]
    [InlineData("oracle.test!alice@oracle.test", "alice@oracle.test", true)]
    [InlineData("\"someone@example.org\"@oracle.test", "someone@example.org", false)]
    [InlineData("\"someone%example.org\"@oracle.test", "someone@example.org", false)]
    [InlineData("\"example.org!someone\"@oracle.test", "someone@example.org", false)]
    [InlineData("\"some\\one@example.org\"@oracle.test", "someone@example.org", false)]
    [InlineData("\"\\\"a@example.org\\\"\"@oracle.test", "a@example.org", false)]
    [InlineData("\"alice@example.org\"", "alice@example.org", false)]
    [InlineData("\"alice\"@oracle.test", "alice@oracle.test", true)]
    [InlineData("\"quoted local\"@example.net", "\"quoted local\"@example.net", false)]
    [InlineData("alice@[127.0.0.1]", "alice@[127.0.0.1]", true)]
    [InlineData("alice@[IPv6:0:0:0:0:0:0:0:1]", "alice@[ipv6:::1]", true)]
    [InlineData("alice@[127.0.0.9]", "alice@[127.0.0.9]", false)]
    [InlineData("a b@example.net", "a.b@example.net", false)]
    [InlineData("a(comment)@example.net", "a@example.net", false)]
    [InlineData("a;b@example.net", "a;b@example.net", false)]
    [InlineData("<a@example.net>", "a@example.net", false)]
    [InlineData("|/bin/sh@oracle.test", "|/bin/sh@oracle.test", true)]
    [InlineData("/etc/passwd%example.org@oracle.test", "/etc/passwd%example.org@oracle.test", true)]
    public void Address_comes_down_to_where_this_host_would_send_it(string text, string address, bool isLocal)
    {
        Assert.True(canonifier.TryResolve(text, out CanonicalAddress? found, out AddressFault? fault), $"{text}: {fault?.Text}");
        Assert.Equal((address, isLocal), (found.Address, found.IsLocal));
    }

    [Theory]
    [InlineData("someone@example.org@oracle.test", "Invalid route address")]
    [InlineData("a@", "Hostname required")]
    [InlineData("a@.", "Hostname required")]
    [InlineData("@example.net", "User address required")]
    [InlineData("@example.net:", "User address required")]
    [InlineData("()", "User address required")]
    [InlineData("\"a@b", "Unbalanced '\"'")]
    [InlineData("a(b@c", "Unbalanced '('")]
    [InlineData("<a@b", "Unbalanced '<'")]
    [InlineData("a@example.org>,<b@example.org", "Unbalanced '<'")]
    [InlineData("a@example.org,b@example.org", "Invalid address")]
    [InlineData("a@exa mple.org", "a@exa.mple.org")]
    [InlineData("a@exam/ple.org", "Invalid host name")]
    [InlineData("a@example..org", "Invalid host name")]
    [InlineData("a@[127.0.0.1", "Invalid host name")]
    [InlineData("a@[x y]", "Invalid host name")]
    public void Text_that_is_no_address_is_refused_in_the_words_of_sendmail(string text, string reason) =>
        Assert.Equal(reason, canonifier.TryResolve(text, out CanonicalAddress? found, out AddressFault? fault) ? found.Address : fault.Text);

    [Fact]
    public void Percents_without_end_are_refused_in_the_end()
    {
        string text = string.Concat(Enumerable.Repeat("%oracle.test", 40)) + "@oracle.test";
        Assert.False(canonifier.TryResolve("x" + text, out _, out AddressFault? fault));
        Assert.Equal("Invalid route address", fault.Text);
    }

    [Theory]
    [InlineData("[127.1]")]
    [InlineData("[0x7f000001]")]
    [InlineData("[2130706433]")]
    public void Short_forms_of_an_address_are_no_literal_of_ours(string domain) => Assert.False(ReceivingSite.Local.Contains(domain));
}
