using Postrider.Sendmail.Maps;

namespace Postrider.Tests.Sendmail.Maps;

public sealed class TextMapTests
{
    private static async Task<MapResult> LookUp(string text, string flags, string key, params string[] arguments) =>
        await TextMap.Parse(text, MapSpec.OfType("text", flags).Flags).LookupAsync(key, arguments, CancellationToken.None);

    [Fact]
    public async Task First_line_with_the_key_gives_the_value() =>
        Assert.Equal("one", (await LookUp("# comment\n\nalice\tone\nALICE two\n", "-v1", "Alice")).Value);

    [Fact]
    public async Task A_key_that_is_not_there_is_not_found() => Assert.Equal(MapStatus.NotFound, (await LookUp("alice one\nbob\n", "-v1", "bob")).Status);

    [Fact]
    public async Task Columns_and_delimiter_are_those_of_the_flags() =>
        Assert.Equal("/home/bob", (await LookUp("alice:x:1:/home/alice\nbob:x:2:/home/bob\n", "-k 0 -v 3 -z:", "bob")).Value);

    [Fact]
    public async Task Case_is_kept_on_request() => Assert.Equal(MapStatus.NotFound, (await LookUp("alice one\n", "-f", "Alice")).Status);

    [Fact]
    public async Task Key_and_arguments_are_put_into_the_value_and_the_appendix_behind_it() =>
        Assert.Equal("k-a1--%-%x.", (await LookUp("key %0-%1-%2-%%-%x\n", "-v1 -a.", "key", "a1") is var r ? r.Value.Replace("key", "k", StringComparison.Ordinal) : ""));

    [Fact]
    public async Task Match_only_answers_the_key() => Assert.Equal("Alice", (await LookUp("alice one\n", "-m", "Alice")).Value);

    [Theory]
    [InlineData("hash -o /etc/mail/access", "hash", "/etc/mail/access", "o")]
    [InlineData("text:/etc/mail/mailboxes", "text", "/etc/mail/mailboxes", "")]
    [InlineData("hash -T<TMPF> /etc/mail/access", "hash", "/etc/mail/access", "T")]
    [InlineData("/etc/mail/plain", "hash", "/etc/mail/plain", "")]
    [InlineData("dns -R A -a. -d5s", "dns", "", "aRd")]
    [InlineData("dequote", "dequote", "", "")]
    [InlineData("LDAP:-k (mail=%0) -v uid", "ldap", "", "kv")]
    public void A_map_is_written_in_two_forms(string text, string type, string argument, string flags)
    {
        MapSpec spec = MapSpec.Parse(text)!;
        Assert.Equal(type, spec.Type);
        if (type != "dns" && type != "ldap") { Assert.Equal(argument, spec.Argument); }
        Assert.All(flags, flag => Assert.True(spec.Flags.Has(flag), $"-{flag}"));
    }
}
