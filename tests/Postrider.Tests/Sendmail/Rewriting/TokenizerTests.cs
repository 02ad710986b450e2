using Postrider.Sendmail.Rewriting;

namespace Postrider.Tests.Sendmail.Rewriting;

/// <summary>Every expectation is what sendmail 8.17 printed behind <c>input:</c> in the address test mode.</summary>
public sealed class TokenizerTests
{
    private static readonly Tokenizer Stock = new(".:%@!^/[]+", ".");

    private static string Printed(string text, bool keepComments = true) => string.Join(' ', Stock.Tokenize(text, keepComments: keepComments).Tokens);

    [Theory]
    [InlineData("user@example.org", "user @ example . org")]
    [InlineData("<@a,@b:user@c.example.org>", "< @ a , @ b : user @ c . example . org >")]
    [InlineData("x (comment) y", "x ( comment ) y")]
    [InlineData("a\\@b", "a\\@b")]
    [InlineData("a\\!b", "a ! b")]
    [InlineData("a\\\"b\"c d\"", "a\\\"b \"c d\"")]
    [InlineData("\"a\\\"b\"c", "\"a\\\"b\" c")]
    [InlineData("a;b:c", "a ; b : c")]
    [InlineData("7&3 =w x?y 3=3", "7&3 =w x?y 3=3")]
    [InlineData("a $| b", "a $| b")]
    [InlineData("  \t ", "")]
    [InlineData("\\", "")]
    public void Operators_are_tokens_and_quoted_strings_are_one(string text, string tokens) => Assert.Equal(tokens, Printed(text));

    [Theory]
    [InlineData("\"unbalanced", "\"unbalanced\"", "Unbalanced '\"'")]
    [InlineData("a<b", "a < b >", "Unbalanced '<'")]
    [InlineData("a>b", "ab", "Unbalanced '>'")]
    [InlineData("1 << 3", "1 < < 3 > >", "Unbalanced '<' Unbalanced '<'")]
    [InlineData("a(b\\)c)d e\"f\\", "a ( b\\)c ) d e \"f\\\"\"", "Unbalanced '\"' Unbalanced '\"'")]
    public void What_is_not_balanced_is_told_and_mended(string text, string tokens, string problems)
    {
        TokenizeResult result = Stock.Tokenize(text, keepComments: true);
        Assert.Equal(tokens, string.Join(' ', result.Tokens));
        Assert.Equal(problems, string.Join(' ', result.Problems));
    }

    [Theory]
    [InlineData("u@example.org (Full Name)", "u @ example . org", "")]
    [InlineData("a(b)c", "a c", "")]
    [InlineData("a(b(c)\\)d)e", "a e", "")]
    [InlineData("(a", "", "Unbalanced '('")]
    [InlineData("a)b", "ab", "Unbalanced ')'")]
    public void Comments_are_left_out_unless_they_are_kept(string text, string tokens, string problems)
    {
        TokenizeResult result = Stock.Tokenize(text);
        Assert.Equal(tokens, string.Join(' ', result.Tokens));
        Assert.Equal(problems, string.Join(' ', result.Problems));
    }

    [Fact]
    public void A_delimiter_ends_the_reading_outside_quotes_and_closes_brackets()
    {
        TokenizeResult result = Stock.Tokenize("\"c,d\"<a,b>,e", 0, ',');
        Assert.Equal("\"c,d\" < a >", string.Join(' ', result.Tokens));
        Assert.Equal(["Unbalanced '<'"], result.Problems);
        Assert.Equal(7, result.End);
    }

    [Fact]
    public void Words_are_joined_by_the_blank_substitute_and_nothing_else_is() =>
        Assert.Equal("a.b@c.d\"e f\"g", Stock.Join(Stock.Tokenize("a b @ c . d \"e f\" g").Tokens));

    [Fact]
    public void An_address_cannot_spell_a_metasymbol()
    {
        TokenizeResult result = Stock.Tokenize("a" + Metasymbol.Mailer + "b" + Metasymbol.Separator);
        Assert.Equal(["a?b?"], result.Tokens);
    }

    [Fact]
    public void An_address_of_a_megabyte_is_refused_and_not_worked_on()
    {
        TokenizeResult result = Stock.Tokenize(new string('@', 1 << 20));
        Assert.Empty(result.Tokens);
        Assert.Equal(["Address too long"], result.Problems);
    }

    [Theory]
    [InlineData(256, 1, "")]
    [InlineData(257, 0, "prescan: token too long")]
    public void A_token_has_a_greatest_length(int length, int tokens, string problem)
    {
        TokenizeResult result = Stock.Tokenize(new string('a', length));
        Assert.Equal(tokens, result.Tokens.Count);
        Assert.Equal(problem, string.Concat(result.Problems));
    }

    [Fact]
    public void Reading_what_was_joined_gives_the_same_tokens()
    {
        var random = new Random(20261121);
        string[] parts = ["a", "bc", ".", "@", "<", ">", ",", ";", "[", "]", "\"q r\"", "\"\\\"\"", "d\\@e", "(", ")", "é"];
        for (int i = 0; i < 2000; i++)
        {
            string[] tokens = [.. Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)])];
            int open = 0;
            tokens = [.. tokens.Where(token => token != ">" || --open >= 0 || ++open < 0).Select(token => { open += token == "<" ? 1 : 0; return token; })];
            tokens = [.. tokens, .. Enumerable.Repeat(">", Math.Max(open, 0))];
            string joined = new Tokenizer(".:%@!^/[]+", " ").Join(tokens);
            TokenizeResult again = Stock.Tokenize(joined, keepComments: true);
            Assert.True(again.Problems.Count > 0 || tokens.SequenceEqual(again.Tokens, StringComparer.Ordinal), $"{string.Join(' ', tokens)} was joined to {joined} and read as {string.Join(' ', again.Tokens)}");
        }
    }

    // Printer and reader are inverse on whatever the reader can make: also of texts that it had to mend.
    [Theory]
    [InlineData(".:%@!^/[]+", 1)]
    [InlineData(".:%@!^/[]+", 2)]
    [InlineData(".:@[]", 3)]
    public void What_was_read_and_printed_reads_the_same(string operators, int seed)
    {
        const string Characters = "ab1.@<>(),;:[]!%+^/\"\\ \t{}$&*=-_~'#|?\u00e9";
        var random = new Random(seed);
        var tokenizer = new Tokenizer(operators, " ");
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => Characters[random.Next(Characters.Length)]));
            List<string> tokens = tokenizer.Tokenize(text, keepComments: true).Tokens;
            string printed = tokenizer.Join(tokens);
            TokenizeResult again = tokenizer.Tokenize(printed, keepComments: true);
            Assert.True(tokens.SequenceEqual(again.Tokens, StringComparer.Ordinal), $"seed {seed}: {text} is {string.Join(' ', tokens)}; printed {printed}; read again {string.Join(' ', again.Tokens)}");
            Assert.True(again.Problems.Count == 0, $"seed {seed}: {text} was printed {printed}: {string.Join(' ', again.Problems)}");
        }
    }
}
