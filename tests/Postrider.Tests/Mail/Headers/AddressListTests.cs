using Postrider.Mail.Headers;

namespace Postrider.Tests.Mail.Headers;

public sealed class AddressListTests
{
    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("bob (Bob)", "bob")]
    [InlineData("Bob Smith <bob@example.org>", "bob@example.org")]
    [InlineData("alice, \"Bob, B\" <bob>, group: a, b;, x@example.org", "alice|bob|a|b|x@example.org")]
    [InlineData("\"a b\"@example.org, c@d", "\"a b\"@example.org|c@d")]
    [InlineData("a@[192.0.2.1], b@[IPv6:2001:db8::1]", "a@[192.0.2.1]|b@[IPv6:2001:db8::1]")]
    [InlineData("<@a.example,@b.example:joe@c.example>", "joe@c.example")]
    [InlineData("a (nested (comment), with \\) comma), b", "a|b")]
    [InlineData("a@b.example (x) , , c", "a@b.example|c")]
    [InlineData("alice bob", "alice|bob")]
    [InlineData("a . b @ example . org,", "a.b@example.org")]
    [InlineData("host::user,", "host::user")]
    [InlineData("", "")]
    [InlineData("<>", "")]
    public void Addresses_are_taken_without_names_and_comments(string text, string expected)
    {
        AddressList list = AddressList.Parse(text);
        Assert.Equal(expected, string.Join('|', list.Addresses.Select(a => a.Address)));
        Assert.Empty(list.Errors);
    }

    [Theory]
    [InlineData("undisclosed-recipients:;", "553 5.1.3 undisclosed-recipients:;... List:; syntax illegal for recipient addresses")]
    [InlineData("\"unbalanced <alice", "553 5.0.0 \"unbalanced <alice... Unbalanced '\"'")]
    [InlineData("<alice", "553 5.0.0 <alice... Unbalanced '<'")]
    [InlineData("alice (x", "553 5.0.0 alice (x... Unbalanced '('")]
    [InlineData("<<>>", "553 5.0.0 <<>>... Unbalanced '<'")]
    public void What_is_no_address_is_an_error_and_no_recipient(string text, string expected)
    {
        AddressList list = AddressList.Parse(text);
        Assert.Empty(list.Addresses);
        Assert.Equal(expected, Assert.Single(list.Errors).ToString());
    }

    [Fact]
    public void An_error_leaves_the_other_addresses_alone()
    {
        AddressList list = AddressList.Parse("a, list:;, b");
        Assert.Equal(["a", "b"], list.Addresses.Select(a => a.Address), StringComparer.Ordinal);
        Assert.Single(list.Errors);
    }

    [Fact]
    public void Names_and_groups_are_told()
    {
        AddressList list = AddressList.Parse("Friends of: \"Bob \\\"B\\\" B\" <bob@x>, al;");
        Assert.Equal(new HeaderAddress("bob@x", "Bob \"B\" B", "Friends of"), list.Addresses[0]);
        Assert.Equal(new HeaderAddress("al", null, "Friends of"), list.Addresses[1]);
    }

    [Fact]
    public void Recipients_are_those_of_To_Cc_and_Bcc_folded_or_not()
    {
        HeaderSection section = HeaderSection.Parse("From: root\r\nTo: alice,\r\n bob\r\nCc: carol\r\nBcc: dave\r\nX-To: eve\r\n\r\n"u8, out _);
        Assert.Equal(["alice", "bob", "carol", "dave"], AddressList.Recipients(section).Addresses.Select(a => a.Address), StringComparer.Ordinal);
    }

    [Fact]
    public void A_resent_message_goes_to_the_resent_recipients_only()
    {
        HeaderSection section = HeaderSection.Parse("Resent-To: bob\r\nTo: alice\r\n\r\n"u8, out _);
        Assert.Equal(["bob"], AddressList.Recipients(section).Addresses.Select(a => a.Address), StringComparer.Ordinal);
    }
}
