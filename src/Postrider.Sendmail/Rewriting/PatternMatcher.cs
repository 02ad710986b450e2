using System.Buffers;

namespace Postrider.Sendmail.Rewriting;

/// <summary>
/// One attempt of a pattern on a workspace. Whether the rest of a pattern matches the rest of a workspace does not depend on what came before; so each
/// pair that failed is remembered once an attempt grows long, and no pattern takes longer than its length times the workspace's, squared at worst.
/// </summary>
internal ref struct PatternMatcher
{
    private const int StepsBeforeMemory = 500;
    private const int LongestOnStack = 256; // chars of a phrase that is looked up in a class

    private readonly ReadOnlySpan<PatternToken> _pattern;
    private readonly ReadOnlySpan<string> _workspace;
    private readonly RewriteContext _context;
    private readonly ref MatchBindings _bindings;
    private ulong[]? _failed;
    private int _steps;

    internal PatternMatcher(ReadOnlySpan<PatternToken> pattern, ReadOnlySpan<string> workspace, RewriteContext context, ref MatchBindings bindings)
    {
        _pattern = pattern;
        _workspace = workspace;
        _context = context;
        _bindings = ref bindings;
    }

    internal bool Matches() => From(0, 0);

    public void Dispose()
    {
        if (_failed is { } rented) { ArrayPool<ulong>.Shared.Return(rented); }
        _failed = null;
    }

    private bool From(int token, int at)
    {
        for (; token < _pattern.Length; token++)
        {
            ref readonly PatternToken wanted = ref _pattern[token];
            if (wanted.Kind == PatternKind.Nothing) { continue; }
            if (at == _workspace.Length && wanted.Kind != PatternKind.AnyOrNone) { return false; }
            switch (wanted.Kind)
            {
                case PatternKind.Literal:
                    if (!wanted.Text.Equals(_workspace[at], StringComparison.OrdinalIgnoreCase)) { return false; }
                    at++;
                    continue;
                case PatternKind.One:
                    Bind(wanted.Binding, at, ++at);
                    continue;
                case PatternKind.NotClass:
                    if (_context.Classes.Contains(wanted.Text, _workspace[at])) { return false; }
                    Bind(wanted.Binding, at, ++at);
                    continue;
                case PatternKind.LateMacro:
                    at = Late(wanted.Text, at);
                    if (at < 0) { return false; }
                    continue;
                case PatternKind.Class:
                    return Remembered(token, at) is false && Phrase(in wanted, token, at);
                default:
                    return Remembered(token, at) is false && Stretch(in wanted, token, at);
            }
        }
        return at == _workspace.Length;
    }

    private bool Stretch(in PatternToken wanted, int token, int at)
    {
        for (int end = wanted.Kind == PatternKind.Any ? at + 1 : at; end <= _workspace.Length; end++)
        {
            if (!From(token + 1, end)) { continue; }
            Bind(wanted.Binding, at, end);
            return true;
        }
        Remember(token, at);
        return false;
    }

    // sendmail 8.17: the tokens of a phrase are looked up joined without blanks, the shortest phrase first.
    private bool Phrase(in PatternToken wanted, int token, int at)
    {
        int longest = _context.Classes.LongestWord(wanted.Text);
        if (longest > 0 && LookUp(in wanted, token, at, longest <= LongestOnStack ? stackalloc char[LongestOnStack] : new char[longest])) { return true; }
        Remember(token, at);
        return false;
    }

    private bool LookUp(in PatternToken wanted, int token, int at, scoped Span<char> phrase)
    {
        int length = 0;
        for (int end = at; end < _workspace.Length; end++)
        {
            string next = _workspace[end];
            if (length + next.Length > phrase.Length) { return false; }
            next.CopyTo(phrase[length..]);
            length += next.Length;
            if (!_context.Classes.Contains(wanted.Text, phrase[..length]) || !From(token + 1, end + 1)) { continue; }
            Bind(wanted.Binding, at, end + 1);
            return true;
        }
        return false;
    }

    // sendmail 8.17: the value is compared token by token as it stands, macros in it not put in. Nothing to compare: nothing taken.
    private int Late(string name, int at)
    {
        string? value = _context.Macros.Value(name);
        _context.Trace?.LateMacro("LHS", name, value);
        ReadOnlySpan<char> rest = value;
        while (rest.Length > 0)
        {
            if (at == _workspace.Length || _workspace[at].Length > rest.Length) { return -1; }
            string token = _workspace[at++];
            if (!rest[..token.Length].Equals(token, StringComparison.OrdinalIgnoreCase)) { return -1; }
            rest = rest[token.Length..];
        }
        return at;
    }

    private void Bind(int position, int from, int to)
    {
        if ((uint)position >= MatchBindings.Count) { return; }
        _bindings[2 * position] = from;
        _bindings[(2 * position) + 1] = to;
    }

    private bool Remembered(int token, int at)
    {
        if (_failed is null) { return false; }
        int bit = (token * (_workspace.Length + 1)) + at;
        return (_failed[bit >> 6] & 1UL << (bit & 63)) != 0;
    }

    private void Remember(int token, int at)
    {
        if (_failed is null)
        {
            if (_context.Trace is not null && _steps < StepsBeforeMemory * 1000 || ++_steps < StepsBeforeMemory) { _steps++; return; }
            _failed = ArrayPool<ulong>.Shared.Rent(((_pattern.Length * (_workspace.Length + 1)) >> 6) + 1);
            Array.Clear(_failed);
        }
        int bit = (token * (_workspace.Length + 1)) + at;
        _failed[bit >> 6] |= 1UL << (bit & 63);
    }
}
