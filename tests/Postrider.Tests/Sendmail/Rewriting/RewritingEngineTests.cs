using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Tests.Sendmail.Rewriting;

/// <summary>Every expectation is what a real sendmail 8.17.1 printed for the same cf text and address (sendmail -bt -C).</summary>
public sealed class RewritingEngineTests
{
    private static Task<string> Run(string rules, string address, string ruleset = "A") => new RewritingSite(RewritingSite.Head + rules).Run(ruleset, address);

    [Theory]
    [InlineData("R$*$*$*k\t$: 1=$1 2=$2 3=$3", "a b k", "1= 2= 3= a b")]
    [InlineData("R$* $+ $*\t$: <$1> <$2> <$3>", "a b c", "< > < a > < b c >")]
    [InlineData("R$* a $* b $* c\t$@ <$1><$2><$3>", "a b x b c", "< > < > < x b >")]
    [InlineData("R$* a $* b $* c\t$@ <$1><$2><$3>", "x a y b z c", "< x > < y > < z >")]
    [InlineData("R$+ $- $+\t$@ <$1><$2><$3>", "p q r s", "< p > < q > < r s >")]
    [InlineData("R$* $+ $-\t$@ <$1><$2><$3>", "a b c d", "< > < a b c > < d >")]
    [InlineData("Ra b\t$@ lit", "A B", "lit")]
    [InlineData("R$-\t$@ one", "a b", "a b")]
    [InlineData("R$@ $* q\t<zero> $1", "a q", "< zero > a")]
    [InlineData("R$+ $@ q2\t<zero2> $1", "a q2", "< zero2 > a")]
    [InlineData("R$@\t$@ none", "a", "a")]
    public async Task Operators_take_as_little_as_they_can_from_the_left(string rule, string address, string result) => Assert.Equal(result, await Run("SA\n" + rule + "\n", address));

    [Theory]
    [InlineData("R$=w $*\t$@ class <$1> rest <$2>", "two.three x", "class < two . three > rest < x >")]
    [InlineData("R$=w $*\t$@ class <$1> rest <$2>", "ONE x", "class < ONE > rest < x >")]
    [InlineData("R$=w $*\t$@ class <$1> rest <$2>", "x@y z", "class < x @ y > rest < z >")]
    [InlineData("R$=w $*\t$@ class <$1> rest <$2>", "two . four", "two . four")]
    [InlineData("R$={Long} $*\t$@ class <$1> rest <$2>", "alpha.beta.gamma", "class < alpha . beta > rest < . gamma >")]
    [InlineData("R$~w $*\t$@ nclass <$1> rest <$2>", "one x", "one x")]
    [InlineData("R$~w $*\t$@ nclass <$1> rest <$2>", "two.three", "nclass < two > rest < . three >")]
    [InlineData("R$* $=w $*\t$@ <$1><$2><$3>", "p one q two.three r", "< p > < one > < q two . three r >")]
    [InlineData("R$=z $*\t$@ z\nR$~z $*\t$@ notz", "a", "notz")]
    public async Task A_class_matches_phrases_and_its_complement_single_tokens(string rules, string address, string result) =>
        Assert.Equal(result, await Run("Cwone two.three a b x@y\nC{Long}alpha.beta.gamma alpha.beta\nSA\n" + rules + "\n", address));

    [Theory]
    [InlineData("vhost.test", "R < vhost . test >")]
    [InlineData("own", "R < own >")]
    [InlineData("late.test", "late . test")]
    public async Task A_class_takes_in_what_another_holds_so_far(string address, string result) => // oracle 14: CR$={VirtHost}
        Assert.Equal(result, await Run("C{VirtHost}vhost.test virtual.test\nCRown $={VirtHost}\nC{VirtHost}late.test\nSA\nR$=R\t$@ R <$1>\n", address));

    [Theory]
    [InlineData("R$x $*\t$@ macro $1", "a.b z", "macro z")]
    [InlineData("R$- $&{v} $*\t$@ <$1> <$2>", "a b.c d", "< a > < d >")]
    [InlineData("R$* $&{v} $*\t$@ <$1> <$2>", "a b.c d", "< a > < d >")]
    [InlineData("R$* $&{e} $*\t$@ <$1> <$2>", "a b", "< > < a b >")]
    [InlineData("R$&{nope} q3\t$@ empty", "q3", "empty")]
    [InlineData("R$- $&{nope}\t$@ empty", "a", "a")]
    [InlineData("R$*\t$: $1 . $&{y} . $&{e} . $&{sp} .", "y", "y . $x . c . . a bc d .")]
    [InlineData("R$*$| $*\t$: no\nR$*\t$: ${y} $x $?x yes $| no $. $?{nope} yes2 $| no2 $.", "a", "a . b . c a . b yes no2")]
    [InlineData("R$$a $*\t$@ dd $1", "$a x", "dd x")]
    public async Task Macros_are_put_in_when_the_file_is_read_or_when_the_rule_runs(string rules, string address, string result) =>
        Assert.Equal(result, await Run("Dxa.b\nD{y}$x.c\nD{e}\nD{v}b.c\nD{sp}a b\"c d\"(e)\nSA\n" + rules + "\n", address));

    [Fact]
    public async Task A_macro_in_a_rule_has_the_value_it_had_at_that_line() =>
        Assert.Equal("first", await Run("Dxfirst\nSA\nR$*\t$@ $x\nDxsecond\n", "a"));

    [Theory]
    [InlineData("R$*\t$# local $: $1\nR$*\t$@ more $1", "a", "$# local $: a")]
    [InlineData("R$*\t$@ $>B $(dq $1 $) x\nSB\nR$*\t$@ d: $1", "\"a\" b", "d : ab x")]
    [InlineData("R$*\t$@ 1 $>B $1 $>B 2\nSB\nR$*\t$@ d: $1", "z", "1 d : z d : 2")]
    [InlineData("R$- $*\t$@ $>$1 $2\nSB\nR$*\t$@ d: $1", "B a b", "d : a b")]
    [InlineData("R$- $*\t$@ $>$1 $2\nSB\nR$*\t$@ d: $1", "\"B\" x", "d : x")]
    [InlineData("R$*\t$: $>B\nSB\nR$*\t$@ m $1", "x", "m")]
    [InlineData("R$*\t$: $#err $>B $1\nR$#$*\t$: $1\nSB\nR$*\t$@ m $1", "x", "$# err m x")]
    [InlineData("R$*\t$: $>C $>B $1\nSB\nR$*\t$#local $: $1\nSC\nR$#$*\t$@ c $1", "x", "$# local $: x")]
    [InlineData("R$*\t$@ $>3 $1 <z>\nScanonify=3\nR$* <z>\t$@ z", "a", "z")]
    [InlineData("R$*\t$@ a $:b $@c", "x", "a $: b $@ c")]
    [InlineData("R$-$-\t$: $1 $2\nR$- . $-\t$1", "\"x y\" . z", "\"x y\"")]
    [InlineData("R$*\t$@ $>98 $1", "x", "x")]
    public async Task Rulesets_are_called_from_the_right_and_a_mailer_ends_one(string rules, string address, string result) =>
        Assert.Equal(result, await Run("Kdq dequote\nSA\n" + rules + "\n", address));

    [Theory]
    [InlineData("R$*\t$@ $(dq $1 $: nodq $)", "\"a.b\"", "a . b")]
    [InlineData("R$*\t$@ $(dq $1 $: nodq $)", "abc", "nodq")]
    [InlineData("R$*\t$@ $(dq $1 $)", "abc", "abc")]
    [InlineData("R$*\t$@ [$(dq $1 $)]", "\"a(b)c\"", "[ a c ]")]
    [InlineData("R$*\t$@ [$(dq $1 $)]", "\"(b)\"", "\"(b)\" (BadValue)")]
    [InlineData("R$*\t$@ <$(nul $1 $: $)>", "a", "< >")]
    [InlineData("R$*\t$@ $(mac {z} $@ $1 $) v $&{z}", "x", "v")]
    [InlineData("R$*\t$: $(mac {z} $@ $1 $) v\nR$*\t$@ $1 $&{z}", "x", "v x")]
    [InlineData("R$*\t$@ $[ $1 $: deflt $]", "nosuch", "deflt")]
    [InlineData("R$*\t$@ $[ $1 $]", "nosuch.test", "nosuch . test")]
    [InlineData("R$*\t$@ $[ $1 $]", "known.test", "known . test .")]
    public async Task Maps_answer_in_the_middle_of_a_rule(string rule, string address, string result)
    {
        string cf = RewritingSite.Head + "Kdq dequote\nKmac macro\nKnul null\nSA\n" + rule + "\n";
        var site = new RewritingSite(cf, map => map.Type == "host" ? RewritingSite.Table(("known.test", "known.test.")) : null);
        Assert.Equal(result, await site.Run("A", address));
    }

    [Theory]
    [InlineData("\"a b\" c", "found")]
    [InlineData("a\\\"b", "quote")]
    public async Task A_map_is_asked_for_a_key_without_quotation_marks(string address, string result)
    {
        var site = new RewritingSite(RewritingSite.Head + "Kx hash /x\nKq hash -q /q\nSA\nR$*\t$@ $(x $1 $) $(q $1 $: $)\n", static _ => RewritingSite.Table(("a bc", "found"), ("a\"b", "quote")));
        Assert.Equal(result, await site.Run("A", address));
    }

    [Theory]
    [InlineData("c d", "a . b . c . d", null)]
    [InlineData("(c) d", "a . b d", null)]
    [InlineData(")", "a . b", "a.b)... Unbalanced ')'")]
    public async Task What_stands_behind_the_default_sign_is_read_again(string address, string result, string? problem)
    {
        var site = new RewritingSite(RewritingSite.Head + "O BlankSub=.\nKnul null\nSA\nR$*\t$@ $(nul $1 $: a b $1 $)\nSB\nR$*\t$@ $(nul $1 $)\n");
        Assert.Equal(result, await site.Run("A", address));
        Assert.Equal(problem is null ? [] : [problem], site.Problems);
    }

    [Fact]
    public async Task A_rule_may_match_a_hundred_times_and_the_next_try_is_an_error()
    {
        var site = new RewritingSite(RewritingSite.Head + "SA\nRx $*\t$1\nR$*\t$: done $1\n");
        Assert.Equal("done", await site.Run("A", string.Join(' ', Enumerable.Repeat("x", 99))));
        Assert.Empty(site.Problems);
        Assert.Equal(" (Loop)", await site.Run("A", string.Join(' ', Enumerable.Repeat("x", 100))));
        Assert.Equal(["Infinite loop in ruleset A, rule 1"], site.Problems);
    }

    // A map that joins its key into one word doubles it with each round: 2^100 octets, were there no end.
    [Theory]
    [InlineData("R$-\t$(rx $1 $1 $)", "prescan: token too long")]
    [InlineData("R$*\t$1 $1", "rewrite: expansion too long")]
    [InlineData("R$*\t$: $(mac {m} $@ $1 $1 $1 $1 $1 $1 $) $1\nR$*\t$: $&{m}", "Address too long")]
    public async Task What_grows_without_end_is_stopped_and_told(string rules, string problem)
    {
        var site = new RewritingSite(RewritingSite.Head + "Krx regex -S_ -m .*\nKmac macro\nSA\n" + rules + "\n");
        Assert.EndsWith(" (BadValue)", await site.Run("A", new string('.', rules.Contains("mac", StringComparison.Ordinal) ? 120 : 0) + "a"), StringComparison.Ordinal);
        Assert.EndsWith(problem, Assert.Single(site.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rulesets_call_each_other_so_deep_and_no_deeper()
    {
        var site = new RewritingSite(RewritingSite.Head + "SA\nR$*\t$@ $>A x $1\n");
        Assert.Equal(string.Concat(Enumerable.Repeat("x ", 52)) + "a (ConfigurationError)", await site.Run("A", "a"));
        Assert.Equal(["rewrite: excessive recursion (max 50), ruleset A"], site.Problems);
    }

    [Fact]
    public async Task A_ruleset_that_is_not_there_is_an_error_and_its_call_stays()
    {
        var site = new RewritingSite(RewritingSite.Head + "SA\nR$*\t$@ $>nosuch $1\n");
        Assert.Equal("$> nosuch a (ConfigurationError)", await site.Run("A", "a"));
        Assert.Equal(["Unknown ruleset nosuch"], site.Problems);
    }

    [Fact]
    public async Task A_map_that_is_not_there_is_told_and_knows_nothing()
    {
        var site = new RewritingSite(RewritingSite.Head + "SA\nR$*\t$@ $(nosuch $1 $: def $)\n");
        Assert.Equal("def", await site.Run("A", "a"));
        Assert.Equal(["rewrite: map nosuch not found"], site.Problems);
    }

    private sealed class Failing : IMap
    {
        public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => new(MapResult.TempFail("away"));
    }

    [Theory]
    [InlineData("", "a def (TemporaryFailure)")]
    [InlineData("-t", "a def")]
    [InlineData("-T<TMPF>", "a x < TMPF >")]
    public async Task A_temporary_failure_is_never_taken_for_not_found_unless_the_map_says_so(string flags, string result)
    {
        var site = new RewritingSite(RewritingSite.Head + $"Kslow hash {flags} /x\nSA\nR$*\t$: a $(slow $1 $: def $)\nR$*\t$: $>B $1\nSB\nR$*\t$@ $1\n", static map => map.Type == "hash" ? new Failing() : null);
        Assert.Equal(result, await site.Run("A", "x"));
    }

    [Fact]
    public async Task A_map_that_waits_holds_no_thread()
    {
        var waiting = new Waiting();
        var site = new RewritingSite(RewritingSite.Head + "Kslow hash /x\nSA\nR$*\t$@ got $(slow $1 $)\n", map => map.Type == "hash" ? waiting : null);
        Task<string> running = site.Run("A", "x");
        Assert.False(running.IsCompleted);
        waiting.Answer.SetResult(MapResult.Found("it"));
        Assert.Equal("got it", await running);
    }

    private sealed class Waiting : IMap
    {
        internal TaskCompletionSource<MapResult> Answer { get; } = new();

        public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => new(Answer.Task);
    }

    [Fact]
    public async Task Rulesets_in_code_and_in_the_file_call_each_other_and_the_file_goes_first()
    {
        RewritingSite? site = null;
        site = new RewritingSite(RewritingSite.Head + "SA\nR$*\t$@ $>native $1 $>B y\nSB\nR$*\t$@ file $1\nSC\nR$*\t$@ c $1\n", natives: name => name is "native" or "B" ? Native : null);
        Assert.Equal("c native x file y", await site.Run("A", "x"));

        async ValueTask<RewriteStatus> Native(Workspace workspace, RewriteContext context, CancellationToken cancellationToken)
        {
            workspace.Replace(["native", .. workspace.Tokens]);
            return await site!.Engine.RewriteAsync("C", workspace, context, cancellationToken);
        }
    }

    [Fact]
    public async Task A_rule_that_fails_allocates_nothing()
    {
        long few = await Allocated(1);
        long many = await Allocated(400);
        Assert.True(many <= few, $"one failing rule: {few} octets; 400 of them: {many}");
    }

    private static async Task<long> Allocated(int rules)
    {
        string text = string.Concat(Enumerable.Range(0, rules).Select(static i => $"R$* < @ $* $=w . > $* x{i}\t$@ no\nR$+ % $~w @ $- $&{{m}} y\t$@ no\n"));
        var site = new RewritingSite(RewritingSite.Head + "Cwone two.three\nD{m}z\nSA\n" + text);
        var workspace = new Workspace(site.Engine.Program.Tokenizer.Tokenize("someone<@host.two.three.>").Tokens);
        for (int i = 0; i < 3; i++) { await site.Engine.RewriteAsync("A", workspace, site.Context, CancellationToken.None); }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) { await site.Engine.RewriteAsync("A", workspace, site.Context, CancellationToken.None); }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public void What_sendmail_refuses_in_a_rule_is_refused_in_its_words()
    {
        var site = new RewritingSite(RewritingSite.Head + "Kdq dequote\nSA\nR$* $: $1\t$@ x\nR$*\t$@ $(dq $(dq $1 $) $)\nR$@\t$@ $1\nSA\nR$*\t$@ $1\n");
        Assert.Equal(
            [
                "test.cf(5): Inappropriate use of $: on LHS",
                "test.cf(5): Inappropriate use of $1-$9 on LHS",
                "test.cf(6): cannot nest map lookups",
                "test.cf(7): replacement $1 out of bounds",
                "test.cf(8): warning: WARNING: Ruleset A has multiple definitions",
            ],
            site.Engine.Program.Diagnostics.Select(static d => d.ToString()), StringComparer.Ordinal);
    }

    // sendmail 8.17, asked with each of them.
    [Theory]
    [InlineData("SA\nR$*\t$9", "test.cf: line 4: replacement $9 out of bounds")]
    [InlineData("SA\nR$+\n\t\t$1 $: $2", "test.cf: line 5: replacement $2 out of bounds")]
    [InlineData("SA\nR$@\t$1", "test.cf: line 4: replacement $1 out of bounds")]
    [InlineData("SA\nR$&j\t$1", "test.cf: line 4: replacement $1 out of bounds")]
    [InlineData("SA\nR$+\t$0", "test.cf: line 4: replacement $0 out of bounds")]
    [InlineData("SA\nR$0\tx", "test.cf: line 4: Inappropriate use of $1-$9 on LHS")]
    [InlineData("SA\nR$>3\tx", "test.cf: line 4: Inappropriate use of $> on LHS")]
    [InlineData("SA\nR$+\t$*", "test.cf: line 4: Inappropriate use of $* on RHS")]
    [InlineData("SA\nR$+\t$=w", "test.cf: line 4: Inappropriate use of $= on RHS")]
    [InlineData("SA\nR\tx", "test.cf: line 4: R line: null LHS")]
    [InlineData("SA\nR$*$*$*$*$*$*$*$*$*$*\tx", "test.cf: line 4: R line: too many wildcards")]
    [InlineData("SA\nR$+\t$[ $1", "test.cf: line 4: missing map closing token")]
    [InlineData("SA\nR$+\t$( a", "test.cf: line 4: missing map closing token")]
    [InlineData("Sfoo=x", "test.cf: line 3: bad ruleset definition \"foo=x\" (number required after `=')")]
    [InlineData("S199", "test.cf: line 3: bad ruleset 199 (100 max)")]
    [InlineData("S-1", "test.cf: line 3: invalid ruleset name: \"-1\"")]
    public void What_sendmail_refuses_is_told_as_sendmail_tells_it(string lines, string told) =>
        Assert.Equal(told, Assert.Single(new RewritingSite(RewritingSite.Head + lines + "\n").Engine.Program.Diagnostics).SendmailText);

    [Fact]
    public void A_hundred_rulesets_have_names_and_no_more()
    {
        var site = new RewritingSite(RewritingSite.Head + string.Concat(Enumerable.Range(0, 101).Select(static i => $"Sr{i}\n")));
        Assert.Equal("test.cf(103): r100: too many named rulesets (100 max)", Assert.Single(site.Engine.Program.Diagnostics).ToString());
    }

    [Fact]
    public async Task The_triple_of_a_workspace_is_read()
    {
        var site = new RewritingSite(RewritingSite.Head + "SA\nR$-@$+\t$#esmtp $@ $2. $: $1<@$2.>\nR$*\t$#error $@ 5.1.1 $: \"550 no\"\n");
        var workspace = new Workspace(site.Engine.Program.Tokenizer.Tokenize("u@x.org").Tokens);
        await site.Engine.RewriteAsync("A", workspace, site.Context, CancellationToken.None);
        MailerTriple triple = MailerTriple.Read(workspace.Tokens)!;
        Assert.Equal(("esmtp", "x.org.", "u<@x.org.>"), (triple.Mailer, site.Engine.Program.Tokenizer.Join(triple.Host!), site.Engine.Program.Tokenizer.Join(triple.User!)));
        Assert.Null(MailerTriple.Read(["x"]));
    }

    [Fact]
    public void Several_arguments_have_the_separator_between_them() =>
        Assert.Equal(" a . b $| $| c", Workspace.Of(new Tokenizer(), "a.b", "", "c").ToString());
}
