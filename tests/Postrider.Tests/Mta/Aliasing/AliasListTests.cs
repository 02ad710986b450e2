using Postrider.Mta.Aliasing;

namespace Postrider.Tests.Mta.Aliasing;

public sealed class AliasListTests
{
    [Theory]
    [InlineData("alice, bob,\tcarol", "alice|bob|carol")]
    [InlineData("alice,,bob", "alice|bob")]
    [InlineData("alice bob", "alice bob")]
    [InlineData("alice; bob", "alice; bob")]
    [InlineData("Alice Example <alice@oracle.test>, bob@oracle.test (Bob, the builder), \"Carol, C\" <carol>", "alice@oracle.test|bob@oracle.test|carol")]
    [InlineData("\"|/usr/bin/id > /x, y\", /var/mail/x", "\"|/usr/bin/id > /x, y\"|/var/mail/x")]
    [InlineData("|/bin/cat <in", "|/bin/cat <in")]
    [InlineData(":include:/etc/mail/list, \\alice", ":include:/etc/mail/list|\\alice")]
    [InlineData("friends: alice, bob;, carol", "alice|bob|carol")]
    [InlineData("\"alice\"@oracle.test", "\"alice\"@oracle.test")]
    [InlineData("\"a \\\" b\", c", "\"a \\\" b\"|c")]
    [InlineData("\"never closed, b", "\"never closed, b")]
    [InlineData("(never closed, b", "")]
    [InlineData("host::user", "host::user")]
    [InlineData(" , ;,", ";")]
    [InlineData("", "")]
    [InlineData("\\", "\\")]
    public void Right_hand_side_is_cut_as_sendmail_cuts_it(string text, string addresses) =>
        Assert.Equal(addresses, string.Join('|', AliasList.Parse(text).Select(member => member.Address)));

    [Fact]
    public void No_text_makes_it_throw_or_lets_a_line_end_through()
    {
        Random random = new(7);
        const string Alphabet = "ab,;:<>()\"\\@| /\r\n\0\t";
        for (int i = 0; i < 20_000; i++)
        {
            string text = new(random.GetItems<char>(Alphabet, random.Next(24)));
            foreach (AliasMember member in AliasList.Parse(text)) Assert.True(member.Address.Length > 0, text);
        }
    }
}
