using System.Runtime.InteropServices;
using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting;

/// <summary>Runs rulesets. Immutable; thread-safe, each rewriting having a <see cref="RewriteContext"/> of its own. Holds no thread while a map waits.</summary>
/// <remarks>
/// A rule that matches is written out with its <c>$n</c> and <c>$&amp;x</c>, then its maps are asked from left to right, then the rulesets of <c>$&gt;</c>
/// are called from right to left (each is given all that follows its name), then the prefix decides how to go on. A workspace that begins with <c>$#</c> ends the ruleset.
/// </remarks>
public sealed class RewritingEngine(RulesetProgram program)
{
    /// <summary>How often a rule may match on end. sendmail 8.17: the 101st attempt is an error, whether it would match or not.</summary>
    public const int MaxIterations = 100;

    /// <summary>How deep rulesets may call each other, as the message says it; sendmail 8.17 in fact lets the one that was called first call 51 deep.</summary>
    public const int MaxDepth = 50;

    /// <summary>
    /// How many rules may match in one rewriting, all rulesets that are called counted. Default and only value 100,000; a stock site needs some fifty. sendmail has no such bound: there, three rulesets
    /// that call each other in a loop multiply to a day of work.
    /// </summary>
    public const int MaxMatches = 100_000;

    // sendmail 8.17, measured: a longer key is cut there; so are the arguments of a look-up, which share their room, one octet between two.
    private const int LongestKey = 1021;
    private const int LongestArguments = 1253;

    /// <summary>The rulesets.</summary>
    public RulesetProgram Program => program;

    /// <summary>Runs a ruleset. One that is not there, or has no rules, leaves the workspace as it is.</summary>
    /// <param name="ruleset">Name or number.</param>
    /// <param name="workspace">The argument and the answer.</param>
    /// <returns>Whether the answer counts.</returns>
    public ValueTask<RewriteStatus> RewriteAsync(string ruleset, Workspace workspace, RewriteContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ruleset);
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(context);
        if (context.Depth == 0) { context.Matches = 0; }
        Ruleset? interpreted = program.Find(ruleset);
        if (interpreted is null or { Rules.Count: 0 } && context.Natives?.Invoke(ruleset) is { } native) { return NativeAsync(ruleset, native, workspace, context, cancellationToken); }
        return RunAsync(interpreted ?? new Ruleset(ruleset, -1), workspace, context, cancellationToken);
    }

    private static async ValueTask<RewriteStatus> NativeAsync(string name, NativeRuleset native, Workspace workspace, RewriteContext context, CancellationToken cancellationToken)
    {
        if (TooDeep(name, context)) { return RewriteStatus.ConfigurationError; }
        context.Trace?.Enter(name, workspace);
        RewriteStatus status;
        context.Depth++;
        try { status = await native(workspace, context, cancellationToken).ConfigureAwait(false); }
        finally { context.Depth--; }
        context.Trace?.Leave(name, workspace);
        return status;
    }

    private async ValueTask<RewriteStatus> RunAsync(Ruleset ruleset, Workspace workspace, RewriteContext context, CancellationToken cancellationToken)
    {
        if (TooDeep(ruleset.Name, context)) { return RewriteStatus.ConfigurationError; }
        context.Trace?.Enter(ruleset.Name, workspace);
        RewriteStatus status;
        context.Depth++;
        try { status = await RulesAsync(ruleset, workspace, context, cancellationToken).ConfigureAwait(false); }
        finally { context.Depth--; }
        return status;
    }

    private static bool TooDeep(string ruleset, RewriteContext context)
    {
        if (context.Depth <= MaxDepth + 1) { return false; }
        context.Report($"rewrite: excessive recursion (max {MaxDepth}), ruleset {ruleset}");
        return true;
    }

    private async ValueTask<RewriteStatus> RulesAsync(Ruleset ruleset, Workspace workspace, RewriteContext context, CancellationToken cancellationToken)
    {
        var status = RewriteStatus.Ok;
        MatchBindings bindings = default;
        List<string>? output = null;
        int iterations = 0;
        ulong present = Pattern.Present(CollectionsMarshal.AsSpan(workspace.List));
        // sendmail 8.17: a workspace that names a mailer already goes through untouched.
        int count = workspace.NamesMailer ? 0 : ruleset.Rules.Count;
        for (int index = 0; index < count;)
        {
            RewriteRule rule = ruleset.Rules[index];
            context.Trace?.Trying(rule);
            if (iterations++ >= MaxIterations)
            {
                context.Report($"Infinite loop in ruleset {ruleset.Name}, rule {index + 1}");
                context.Trace?.Looped(workspace);
                status = Worse(status, RewriteStatus.Loop);
                break;
            }
            if (!rule.Pattern.Matches(CollectionsMarshal.AsSpan(workspace.List), present, context, ref bindings))
            {
                context.Trace?.Fails(rule);
                index++;
                iterations = 0;
                continue;
            }
            if (++context.Matches > MaxMatches)
            {
                context.Report($"rewrite: too many rules matched (max {MaxMatches}), ruleset {ruleset.Name}");
                status = Worse(status, RewriteStatus.ConfigurationError);
                break;
            }
            if (context.Trace is { } trace) { trace.Matches(rule, Positions(workspace, in bindings, rule.Pattern.Bindings)); }
            cancellationToken.ThrowIfCancellationRequested();

            output ??= new List<string>(workspace.List.Count + 8);
            if (!rule.Replacement.Write(workspace.List, in bindings, output, program.Tokenizer, context)) { return RewriteStatus.BadValue; }
            if (rule.Replacement.Asks)
            {
                RewriteStatus asked = await LookUpAsync(output, context, cancellationToken).ConfigureAwait(false);
                status = Worse(status, asked);
                if (asked == RewriteStatus.BadValue) { return status; }
            }
            if (output.Contains(CallToken)) { status = Worse(status, await CallAsync(output, context, cancellationToken).ConfigureAwait(false)); }
            workspace.Swap(ref output);
            present = Pattern.Present(CollectionsMarshal.AsSpan(workspace.List));
            context.Trace?.Rewritten(workspace);

            if (rule.Replacement.After == AfterRule.Return || workspace.NamesMailer) { break; }
            if (rule.Replacement.After != AfterRule.GoOn) { continue; }
            index++;
            iterations = 0;
        }
        context.Trace?.Leave(ruleset.Name, workspace);
        return status;
    }

    private static readonly string CallToken = Metasymbol.CallRuleset.ToString();

    /// <summary>A temporary failure outweighs all, so that nothing is decided for good on half an answer.</summary>
    private static RewriteStatus Worse(RewriteStatus one, RewriteStatus other) =>
        one == RewriteStatus.TemporaryFailure || other == RewriteStatus.TemporaryFailure ? RewriteStatus.TemporaryFailure : (RewriteStatus)Math.Max((int)one, (int)other);

    private static List<IReadOnlyList<string>> Positions(Workspace workspace, in MatchBindings bindings, int count)
    {
        var positions = new List<IReadOnlyList<string>>();
        for (int i = 0; i < Math.Min(count, MatchBindings.Count); i++) { positions.Add(workspace.List[bindings[2 * i]..bindings[(2 * i) + 1]]); }
        return positions;
    }

    private async ValueTask<RewriteStatus> LookUpAsync(List<string> output, RewriteContext context, CancellationToken cancellationToken)
    {
        var status = RewriteStatus.Ok;
        for (int at = 0; at < output.Count; at++)
        {
            if (LookupCall.Find(output, at) is not { } call) { continue; }
            string? value = null;
            if (context.Maps.Find(call.Map) is not { } map)
            {
                if (!call.IsHost) { context.Report($"rewrite: map {call.Map} not found"); }
            }
            else
            {
                string? spaces = map.Flags.Value('S');
                string key = map.Plain(program.Tokenizer.Join(call.Key, spaces, LongestKey));
                string[] arguments = Arguments(call.Arguments, spaces);
                MapResult result = await map.AskAsync(key, arguments, context, cancellationToken).ConfigureAwait(false);
                context.Trace?.LookedUp(map.Name, key, result);
                if (result.Status == MapStatus.TempFail)
                {
                    if (!call.IsHost || !context.HostsMayWait) { status = RewriteStatus.TemporaryFailure; }
                    if (result.Reason is { } reason) { context.Remark(reason); }
                }
                else if (result.Status == MapStatus.Found) { value = result.Value; }
            }
            IReadOnlyList<string> answer = call.Key;
            if (value is not null || call.Default is not null)
            {
                // sendmail 8.17: what stands behind $: is written out and read again, as a value is: BlankSub stands between its words then, and comments are gone.
                string text = value ?? program.Tokenizer.Join(call.Default!);
                TokenizeResult read = value is null ? program.Tokenizer.Macro(text) : program.Tokenizer.Tokenize(text);
                foreach (string problem in read.Problems) { context.Remark($"{Metasymbol.Printable(Tokenizer.Shortened(text))}... {problem}"); }
                // A value that is all comment cannot be used, and the ruleset ends there. An empty one can.
                if (read.Tokens.Count == 0 && !string.IsNullOrWhiteSpace(text)) { return Worse(status, RewriteStatus.BadValue); }
                answer = read.Tokens;
            }
            output.RemoveRange(at, call.End - at);
            output.InsertRange(at, answer);
            at += answer.Count - 1;
        }
        return status;
    }

    private string[] Arguments(IReadOnlyList<IReadOnlyList<string>> tokens, string? spaces)
    {
        var arguments = new string[tokens.Count];
        int room = LongestArguments;
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = program.Tokenizer.Join(tokens[i], spaces, Math.Max(room, 0));
            room -= arguments[i].Length + 1;
        }
        return arguments;
    }

    private async ValueTask<RewriteStatus> CallAsync(List<string> output, RewriteContext context, CancellationToken cancellationToken)
    {
        var status = RewriteStatus.Ok;
        for (int at = output.Count - 1; at >= 0; at--)
        {
            if (output[at] != CallToken || at + 1 == output.Count) { continue; }
            string name = output[at + 1].Trim('"');
            Ruleset? ruleset = program.Find(name);
            NativeRuleset? native = ruleset is null or { Rules.Count: 0 } ? context.Natives?.Invoke(name) : null;
            if (ruleset is null && native is null && !(RulesetProgram.Number(name) is { } number && RulesetProgram.IsNumber(number)))
            {
                context.Report($"Unknown ruleset {name}");
                return Worse(status, RewriteStatus.ConfigurationError);
            }
            var argument = new Workspace(CollectionsMarshal.AsSpan(output)[(at + 2)..].ToArray());
            var called = RewriteStatus.Ok;
            if (native is not null) { called = await NativeAsync(name, native, argument, context, cancellationToken).ConfigureAwait(false); }
            else if (ruleset is { Rules.Count: > 0 }) { called = await RunAsync(ruleset, argument, context, cancellationToken).ConfigureAwait(false); }
            else { context.Trace?.Skipped(ruleset?.Name ?? name, ruleset?.Number ?? RulesetProgram.Number(name) ?? 0); }
            output.RemoveRange(at, output.Count - at);
            output.AddRange(argument.List);
            status = Worse(status, called);
            // sendmail 8.17: behind a call that failed for good, those to its left are not made and stay as they stand.
            if (called is RewriteStatus.BadValue or RewriteStatus.ConfigurationError) { break; }
        }
        return status;
    }
}
