using System.Text;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Tests.Sendmail.Rewriting;

/// <summary>Whatever rules and addresses say, a rewriting ends, and what could not be decided is never taken for an answer.</summary>
public sealed class RewritingBoundsTests
{
    private static readonly string[] PatternParts = ["$*", "$+", "$-", "$=w", "$=v", "$~w", "$@", "a", "."];

    // Counts what the innermost loop asks.
    private sealed class Counting(IClassSource classes) : IClassSource
    {
        internal long Asked { get; private set; }

        public bool Contains(string name, ReadOnlySpan<char> word)
        {
            Asked++;
            return classes.Contains(name, word);
        }

        public int LongestWord(string name) => classes.LongestWord(name);

        public IEnumerable<string> Words(string name) => classes.Words(name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_patterns_ask_no_more_than_their_length_times_the_workspace_squared(int seed)
    {
        const int Length = 150;
        var random = new Random(seed);
        string address = string.Join(' ', Enumerable.Range(0, Length).Select(i => i % 7 == 6 ? "." : "a"));
        for (int i = 0; i < 150; i++)
        {
            // Nine operators that fill positions are the most that a rule may have.
            string[] pattern = [.. Enumerable.Range(0, 8).SelectMany(_ => new[] { PatternParts[random.Next(PatternParts.Length)], "a", "." }.Take(random.Next(1, 4))), "$=w", "b"];
            var site = new RewritingSite(RewritingSite.Head + $"Cwa aa aaa a.a\nCvaaaaaa .a\nSA\nR{string.Join(' ', pattern)}\t$@ yes\n");
            Assert.Empty(site.Engine.Program.Diagnostics);
            var classes = new Counting(site.Classes);
            var context = new RewriteContext { Macros = site.Macros, Classes = classes, Maps = site.Maps };
            await site.Engine.RewriteAsync("A", new Workspace(address.Split(' ')), context, CancellationToken.None);
            // The first five hundred failures are not remembered: they cost what they cost, once.
            long bound = ((pattern.Length * (long)Length) + 500) * Length;
            Assert.True(classes.Asked <= bound, $"seed {seed}: R{string.Join(' ', pattern)} asked {classes.Asked} times, the bound is {bound}");
        }
    }

    [Theory]
    [InlineData("$*")]
    [InlineData("$=w")]
    [InlineData("$+")]
    public async Task A_pattern_as_long_as_a_pattern_may_be_meets_a_workspace_as_long_as_it_may_be(string part)
    {
        string pattern = string.Join(' ', Enumerable.Range(0, Tokenizer.MaxTokens - 1).Select(i => i % 111 == 0 ? part : "a"));
        var site = new RewritingSite(RewritingSite.Head + $"Cwa\nSA\nR{pattern} b\t$@ yes\n");
        Assert.Empty(site.Engine.Program.Diagnostics);
        string[] workspace = [.. Enumerable.Repeat("a", Tokenizer.MaxTokens - 1), "b"];
        var matching = new Workspace(workspace);
        Assert.Equal(RewriteStatus.Ok, await site.Engine.RewriteAsync("A", matching, site.Context, CancellationToken.None));
        Assert.Equal(" yes", matching.ToString());
        var failing = new Workspace([.. workspace[..^1], "c"]);
        Assert.Equal(RewriteStatus.Ok, await site.Engine.RewriteAsync("A", failing, site.Context, CancellationToken.None));
        Assert.Equal(Tokenizer.MaxTokens, failing.Tokens.Count);
    }

    [Fact]
    public void A_rule_that_is_longer_is_refused_where_it_stands()
    {
        var site = new RewritingSite(RewritingSite.Head + $"SA\nR{string.Join(' ', Enumerable.Repeat("$*", 300_000))}\t$@ yes\n");
        Assert.Equal("test.cf(4): R line: null LHS", Assert.Single(site.Engine.Program.Diagnostics).ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_rulesets_end_and_say_so_when_they_could_not_decide(int seed)
    {
        var random = new Random(seed);
        string[] left = ["$*", "$+", "$-", "a", "$* a $*", "$- $*", "$+ b", "$&{m} $*"];
        string[] right = ["$1", "a $1", "$1 $1", "$(mac {m} $@ $1 $) $1", "$>{0} $1", "$>{0} a $>{0} b", "$&{m}", "$(rx $1 $1 $: none $)", "\"q r\" $1", "$>nosuch $1"];
        for (int i = 0; i < 60; i++)
        {
            var cf = new StringBuilder(RewritingSite.Head + "Kmac macro\nKrx regex -S_ -m .*\n");
            foreach (char name in "ABC")
            {
                cf.Append('S').Append(name).Append('\n');
                for (int rules = random.Next(1, 4); rules > 0; rules--)
                {
                    string pattern = left[random.Next(left.Length)];
                    string made = right[random.Next(right.Length)].Replace("{0}", ((char)('A' + random.Next(3))).ToString(), StringComparison.Ordinal);
                    string prefix = random.Next(3) switch { 0 => "$@ ", 1 => "$: ", _ => "" };
                    cf.Append(System.Globalization.CultureInfo.InvariantCulture, $"R{(pattern.Contains('$', StringComparison.Ordinal) ? pattern : "$* " + pattern)}\t{prefix}{made}\n");
                }
            }
            var site = new RewritingSite(cf.ToString());
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            foreach (string address in new[] { "a", "a b", "a b a b", string.Concat(Enumerable.Repeat("a.", 100)) })
            {
                var workspace = new Workspace(site.Engine.Program.Tokenizer.Tokenize(address).Tokens);
                site.Problems.Clear();
                RewriteStatus status = await site.Engine.RewriteAsync("A", workspace, site.Context, patience.Token);
                // Nothing went wrong in silence: a status other than Ok has its sentence.
                Assert.True(status == RewriteStatus.Ok || site.Problems.Count > 0, $"seed {seed}: {status} without a word, for {address} in\n{cf}");
            }
        }
    }

    [Theory]
    [InlineData("SA\nR$*\t$1\n", "a", RewriteStatus.Loop, "Infinite loop in ruleset A, rule 1")]
    [InlineData("SA\nR$*\t$@ $>B $1\nSB\nR$*\t$@ $>A $1\n", "a", RewriteStatus.ConfigurationError, "rewrite: excessive recursion (max 50), ruleset A")]
    [InlineData("SA\nR$*\t$: $>B $1\nR$*\t$@ $1\nSB\nR$*\t$1\n", "a", RewriteStatus.Loop, "Infinite loop in ruleset B, rule 1")]
    public async Task What_never_ends_has_a_status_that_no_caller_takes_for_an_answer(string rules, string address, RewriteStatus status, string problem)
    {
        var site = new RewritingSite(RewritingSite.Head + rules);
        Assert.Equal(status, await site.Engine.RewriteAsync("A", new Workspace([address]), site.Context, CancellationToken.None));
        Assert.Equal(problem, site.Problems[0]);
    }

    [Fact]
    public async Task Loops_that_multiply_are_stopped_and_told()
    {
        var site = new RewritingSite(RewritingSite.Head + "SA\nR$*\t$>B $1\nSB\nR$*\t$>C $1\nSC\nR$*\t$>D $1\nSD\nR$*\t$1\n");
        Assert.Equal(RewriteStatus.ConfigurationError, await site.Engine.RewriteAsync("A", new Workspace(["a"]), site.Context, CancellationToken.None));
        Assert.Contains("rewrite: too many rules matched (max 100000), ruleset D", site.Problems);
        site.Problems.Clear();
        Assert.Equal(RewriteStatus.Loop, await site.Engine.RewriteAsync("D", new Workspace(["a"]), site.Context, CancellationToken.None));
    }

    [Theory]
    [InlineData("R$*\t$@ a $>B b $>nosuch $1", "a $> B b $> nosuch x (ConfigurationError)")]
    [InlineData("R$*\t$@ a $>B b $>C $1", "a $> B b x (BadValue)")]
    [InlineData("R$*\t$@ a $>B b $>D $1", "a b b x (Loop)")]
    public async Task Behind_a_call_that_failed_for_good_no_other_is_made(string rule, string result)
    {
        var site = new RewritingSite(RewritingSite.Head + "Kdq dequote\nSA\n" + rule + "\nSB\nR$*\t$@ b $1\nSC\nR$*\t$@ c $(dq \"(b)\" $: def $)\nSD\nR$*\t$1\n");
        Assert.Equal(result, await site.Run("A", "x"));
    }

    [Theory]
    [InlineData('<')]
    [InlineData('(')]
    [InlineData('"')]
    [InlineData('\\')]
    [InlineData('@')]
    [InlineData('a')]
    public async Task A_megabyte_of_anything_is_told_and_leaves_nothing_to_decide_on(char c)
    {
        var site = new RewritingSite(RewritingSite.Head + "SA\nR$* $* $* @ $*\t$@ $1\n");
        TokenizeResult read = site.Engine.Program.Tokenizer.Tokenize(new string(c, 1 << 20));
        Assert.NotEmpty(read.Problems);
        Assert.Empty(read.Tokens);
        Assert.Equal("", await site.Run("A", new string(c, 1 << 20)));
    }

    [Fact]
    public void Macros_that_put_each_other_in_for_ever_stop()
    {
        // Each of forty macros names the next ten times: ten to the power of twenty, were depth the only bound.
        string cf = RewritingSite.Head + string.Concat(Enumerable.Range(0, 40).Select(static i => $"D{{m{i}}}{string.Concat(Enumerable.Repeat($"${{m{i + 1}}}", 10))}\n"));
        var site = new RewritingSite(cf);
        Assert.Equal("x", MacroTemplate.Expand(MacroTemplate.Read("x${m0}"), site.Macros));
    }
}
