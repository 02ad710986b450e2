using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Rewriting;
using Postrider.Sendmail.Rewriting.MapTypes;

namespace Postrider.Tests.Sendmail.Rewriting;

/// <summary>Built-in maps; every expectation is what sendmail 8.17 answered.</summary>
public sealed class MapTypeTests
{
    private static async Task<string?> LookUp(string line, string key, params string[] arguments)
    {
        NamedMap map = BuiltinMaps.Create(CfDocument.Parse("K" + line + "\n", "x.cf").Maps.Single())!;
        var context = new RewriteContext { Macros = new MacroTable(), Classes = new ClassTable(), Maps = new MapTable() };
        MapResult result = await map.LookupAsync(key, arguments, context, CancellationToken.None);
        return result.Status == MapStatus.Found ? result.Value : null;
    }

    [Theory]
    [InlineData("+", "3", "4", "7")]
    [InlineData("-", "5", "9", "-4")]
    [InlineData("*", "3", "4", "12")]
    [InlineData("/", "10", "3", "3")]
    [InlineData("/", "5", "0", null)]
    [InlineData("%", "10", "3", "1")]
    [InlineData("&", "7", "3", "3")]
    [InlineData("|", "4", "3", "7")]
    [InlineData("=", "3", "3", "TRUE")]
    [InlineData("=", "3", "4", "FALSE")]
    [InlineData("=", "x", "x", "TRUE")]
    [InlineData("l", "4", "5", "TRUE")]
    [InlineData("l", "5", "4", "FALSE")]
    [InlineData("<", "4", "5", null)]
    [InlineData("+", "x", "2", "2")]
    [InlineData("+", "-5", "-6", "-11")]
    [InlineData("++", "4", "3", "7")]
    [InlineData("*", "203652483255367", "3", "610957449766101")]
    [InlineData("+", "99999999999999999999", "0", "922337203685477")]
    [InlineData("/", "-9223372036854775808", "-1", "-92233720368547")]
    [InlineData("*", "610957449766101", "3", "183287234929830")]
    [InlineData("r", "5", "5", "5")]
    [InlineData("^", "5", "2", null)]
    public async Task Arith_counts(string key, string a, string b, string? answer) => Assert.Equal(answer, await LookUp("x arith", key, a, b));

    [Fact]
    public async Task Arith_without_two_numbers_knows_nothing() => Assert.Null(await LookUp("x arith", "+", "1"));

    [Theory]
    [InlineData("x dequote", "\"abc\"", "abc")]
    [InlineData("x dequote", "abc", null)]
    [InlineData("x dequote", "\"a b\"", null)]
    [InlineData("x dequote -s_", "\"a b\"", "a_b")]
    [InlineData("x dequote", "\"a@b\"c", "a@bc")]
    [InlineData("x dequote", "\"a(b\"", null)]
    [InlineData("x dequote", "\"a(b)c\"", "a(b)c")]
    [InlineData("x dequote", "\"a>b\"", null)]
    [InlineData("x dequote", "\"a\\\"b\"", "a\\\"b")]
    [InlineData("x dequote", "\"\"", "")]
    public async Task Dequote_takes_quotation_marks_away_where_that_is_safe(string line, string key, string? answer) => Assert.Equal(answer, await LookUp(line, key));

    [Theory]
    [InlineData("x regex -aMATCH ^foo$", "FOO", "MATCH")]
    [InlineData("x regex -f -aF ^Foo", "foo", null)]
    [InlineData("x regex -b -n ^foo$", "bar", "")]
    [InlineData("x regex -b -n ^foo$", "foo", null)]
    [InlineData("x regex -d, -s2,1 ^(a+)(b+)$", "aabb", "bb,aa")]
    [InlineData("x regex -s1,2 (a+)(b+)", "aabb", "aa$|bb")]
    [InlineData("x regex -m -a+ ^x", "xyz", "xyz+")]
    [InlineData("x regex -b -s1,2 ^\\(a\\+\\)x\\{2\\}\\(b*\\)$", "aaxxbb", "aa$|bb")]
    [InlineData("x regex -aX (a|b)*c{2}$", "abcc", "X")]
    [InlineData("x regex -d: -s2,1,0 (.)(.)", "foo", "o:f:fo")]
    [InlineData("x regex -aT [[:digit:]]+-[[:alpha:]]", "1-a", "T")]
    [InlineData("x regex -s1 ^.*=(.*)$", "x=\"foo\"", "foo")]
    [InlineData("x regex -q -s1 ^.*=(.*)$", "x=\"foo bar\"", "\"foo bar\"")]
    [InlineData("x regex -s1 ^.*=(.*)$", "x=foo bar", null)]
    [InlineData("x regex -s1 ^.*=(.*)$", "x=a\\bc", "abc")]
    [InlineData("x regex -aBR ^[]x^]+$", "x]^", "BR")]
    public async Task Regex_speaks_POSIX(string line, string key, string? answer) => Assert.Equal(answer, await LookUp(line, key));

    [Fact]
    public void An_expression_that_is_none_is_refused()
    {
        var problems = new List<string>();
        MapTable.Of(CfDocument.Parse("Kbad regex (\nKgood regex a\n", "x.cf"), static _ => null, diagnostic => problems.Add(diagnostic.ToString()));
        Assert.StartsWith("x.cf(1): pattern-compile-error: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sequence_asks_its_members_in_order()
    {
        var site = new RewritingSite(RewritingSite.Head + "Knul null\nKone hash /one\nKtwo hash /two\nKseq sequence nul one two\nSA\nR$*\t$@ $(seq $1 $: none $)\n",
            static map => map.Name switch { "one" => RewritingSite.Table(("a", "1")), "two" => RewritingSite.Table(("a", "2"), ("b", "2b")), _ => null });
        Assert.Equal("1", await site.Run("A", "a"));
        Assert.Equal("2b", await site.Run("A", "b"));
        Assert.Equal("none", await site.Run("A", "c"));
    }

    [Fact]
    public async Task A_blank_in_a_key_becomes_what_the_map_says()
    {
        var site = new RewritingSite(RewritingSite.Head + "Krw regex -S_ -aM ^a_b$\nSA\nR$*\t$@ $(rw $1 $: no $)\n");
        Assert.Equal("M", await site.Run("A", "a b"));
        Assert.Equal("no", await site.Run("A", "\"a b\""));
    }

    [Fact]
    public async Task A_map_called_macro_cannot_set_a_metasymbol()
    {
        var site = new RewritingSite(RewritingSite.Head + "Kmac macro\nSA\nR$*\t$: $(mac {z} $@ $1 $)\nR$*\t$@ v $&{z}\n");
        Assert.Equal("v a?b", await site.Run("A", "a" + Metasymbol.Mailer + "b"));
    }
}
