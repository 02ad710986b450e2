using System.Collections;

namespace Postrider.Sendmail.Mc;

/// <summary>
/// The regular expressions of <c>regexp</c> and <c>patsubst</c>: Emacs syntax, leftmost match, of several at one place the longest. Without
/// back-references the work is bounded by pattern length times text length; with them by a count of steps.
/// </summary>
/// <remarks>Not <see cref="System.Text.RegularExpressions"/>: its alternation takes the first branch that fits, m4's the longest, and its work has no such bound.</remarks>
internal sealed class M4Regex
{
    private const int MaxSteps = 20_000_000;

    private readonly List<M4RegexCode> _program;
    private readonly int _groups;
    private readonly bool _backReferences;
    private readonly M4Engine _engine;

    private M4Regex(List<M4RegexCode> program, int groups, bool backReferences, M4Engine engine)
    {
        _program = program;
        _groups = groups;
        _backReferences = backReferences;
        _engine = engine;
    }

    internal static M4Regex? TryParse(string pattern, M4Engine engine, out string? fault)
    {
        var parser = new M4RegexParser(pattern);
        fault = parser.Parse();
        return fault is null ? new M4Regex(parser.Program, parser.Groups, parser.BackReferences, engine) : null;
    }

    /// <summary>The first match at or behind <paramref name="from"/>, or null.</summary>
    internal M4Match? Search(string text, int from)
    {
        long states = (long)_program.Count * (text.Length + 1 - from);
        if (states > 400_000_000) { _engine.Stop("regular expression and text are too long together"); }
        // A state that led nowhere from one start leads nowhere from the next: the marks are kept over all starts.
        BitArray? seen = _backReferences ? null : new BitArray((int)states);
        int steps = MaxSteps;
        for (int start = from; start <= text.Length; start++)
        {
            if (Longest(text, from, start, seen, ref steps) is { } slots) { return new M4Match(slots); }
        }
        return null;
    }

    private int[]? Longest(string text, int from, int start, BitArray? seen, ref int steps)
    {
        int[] slots = new int[2 * (_groups + 1)];
        Array.Fill(slots, -1);
        int[]? best = null;
        var pending = new Stack<(int Code, int At, int Slot, int Old)>();
        pending.Push((0, start, -1, 0));
        int columns = text.Length + 1 - from;
        while (pending.TryPop(out (int Code, int At, int Slot, int Old) state))
        {
            if (state.Slot >= 0) { slots[state.Slot] = state.Old; continue; }
            (int code, int at) = (state.Code, state.At);
            while (true)
            {
                if (seen is null)
                {
                    if (--steps < 0) { _engine.Stop("regular expression with back-references takes too long"); }
                }
                else
                {
                    int mark = code * columns + at - from;
                    if (seen[mark]) { break; }
                    seen[mark] = true;
                }
                M4RegexCode instruction = _program[code];
                if (instruction.Kind == M4RegexKind.Accept)
                {
                    if (best is null || at > best[1])
                    {
                        best = (int[])slots.Clone();
                        (best[0], best[1]) = (start, at);
                    }
                    break;
                }
                if (instruction.Kind == M4RegexKind.Split)
                {
                    pending.Push((instruction.Other, at, -1, 0));
                    code = instruction.Value;
                    continue;
                }
                if (instruction.Kind == M4RegexKind.Save)
                {
                    pending.Push((0, 0, instruction.Value, slots[instruction.Value]));
                    slots[instruction.Value] = at;
                    code++;
                    continue;
                }
                if (instruction.Kind == M4RegexKind.Jump) { code = instruction.Value; continue; }
                int taken = instruction.Takes(text, at, slots);
                if (taken < 0) { break; }
                at += taken;
                code++;
            }
        }
        return best;
    }
}
