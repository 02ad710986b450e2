using System.Runtime.CompilerServices;

namespace Postrider.Sendmail.Mc;

/// <summary>Compiles Emacs syntax: <c>\( \) \|</c>, postfix <c>* + ?</c>, lists, anchors by context; no intervals, no named classes.</summary>
internal sealed class M4RegexParser(string pattern)
{
    private int _at;
    private string? _fault;

    internal List<M4RegexCode> Program { get; } = [];

    internal int Groups { get; private set; }

    internal bool BackReferences { get; private set; }

    /// <summary>Compiles; the fault as regcomp words it, or null.</summary>
    internal string? Parse()
    {
        Alternatives(depth: 0);
        if (_fault is null && _at < pattern.Length) { _fault = "Unmatched ) or \\)"; }
        Program.Add(new(M4RegexKind.Accept));
        return _fault;
    }

    private bool Follows(char escaped) => _at + 1 < pattern.Length && pattern[_at] == '\\' && pattern[_at + 1] == escaped;

    private void Alternatives(int depth)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) { _fault = "Regular expression too big"; return; }
        int start = Program.Count;
        Sequence(depth);
        while (_fault is null && Follows('|'))
        {
            _at += 2;
            // split start, next; ...; jump end; next: ...
            Insert(start, new(M4RegexKind.Split, start + 1, Program.Count + 2));
            int jump = Program.Count;
            Program.Add(new(M4RegexKind.Jump));
            int second = Program.Count;
            Alternatives(depth);
            Program[jump] = new(M4RegexKind.Jump, Program.Count);
            Program[start] = new(M4RegexKind.Split, start + 1, second);
        }
    }

    private void Sequence(int depth)
    {
        bool first = true;
        while (_fault is null && _at < pattern.Length && !Follows('|'))
        {
            if (Follows(')'))
            {
                if (depth == 0) { _fault = "Unmatched ) or \\)"; }
                return;
            }
            int start = Program.Count;
            bool anchor = Piece(first, depth);
            first = false;
            if (anchor)
            {
                // An anchor cannot be repeated: the operator behind it is an ordinary character.
                if (_at < pattern.Length && pattern[_at] is '*' or '+' or '?') { Program.Add(new(M4RegexKind.Character, pattern[_at++])); }
                else { continue; }
                start = Program.Count - 1;
            }
            while (_fault is null && _at < pattern.Length && pattern[_at] is '*' or '+' or '?') { Repeat(start, pattern[_at++]); }
        }
    }

    private void Repeat(int start, char op)
    {
        if (op == '+')
        {
            Program.Add(new(M4RegexKind.Split, start, Program.Count + 1));
            return;
        }
        Insert(start, new(M4RegexKind.Split, start + 1, 0));
        if (op == '*') { Program.Add(new(M4RegexKind.Jump, start)); }
        Program[start] = new(M4RegexKind.Split, start + 1, Program.Count);
    }

    private void Insert(int at, M4RegexCode code)
    {
        Program.Insert(at, code);
        for (int i = at + 1; i < Program.Count; i++)
        {
            M4RegexCode moved = Program[i];
            if (moved.Kind is M4RegexKind.Split or M4RegexKind.Jump)
            {
                Program[i] = moved with { Value = moved.Value >= at ? moved.Value + 1 : moved.Value, Other = moved.Other >= at ? moved.Other + 1 : moved.Other };
            }
        }
    }

    /// <summary>Reads one piece; true if it is an anchor.</summary>
    private bool Piece(bool first, int depth)
    {
        char c = pattern[_at++];
        switch (c)
        {
            case '.':
                Program.Add(new(M4RegexKind.Any));
                return false;
            case '[':
                List();
                return false;
            case '^' when first:
                Program.Add(new(M4RegexKind.LineStart));
                return true;
            case '$' when _at == pattern.Length || Follows(')') || Follows('|'):
                Program.Add(new(M4RegexKind.LineEnd));
                return true;
            case '\\':
                return Escape(depth);
            default:
                Program.Add(new(M4RegexKind.Character, c));
                return false;
        }
    }

    private bool Escape(int depth)
    {
        if (_at == pattern.Length) { _fault = "Trailing backslash"; return false; }
        char c = pattern[_at++];
        M4RegexKind? anchor = c switch
        {
            'b' => M4RegexKind.WordEdge,
            'B' => M4RegexKind.NotWordEdge,
            '<' => M4RegexKind.WordStart,
            '>' => M4RegexKind.WordEnd,
            '`' => M4RegexKind.TextStart,
            '\'' => M4RegexKind.TextEnd,
            _ => null,
        };
        if (anchor is { } kind) { Program.Add(new(kind)); return true; }
        switch (c)
        {
            case '(':
                int group = ++Groups;
                Program.Add(new(M4RegexKind.Save, 2 * group));
                Alternatives(depth + 1);
                if (_fault is not null) { return false; }
                if (!Follows(')')) { _fault = "Unmatched ( or \\("; return false; }
                _at += 2;
                Program.Add(new(M4RegexKind.Save, 2 * group + 1));
                return false;
            case >= '1' and <= '9':
                if (c - '0' > Groups) { _fault = "Invalid back reference"; return false; }
                BackReferences = true;
                Program.Add(new(M4RegexKind.BackReference, c - '0'));
                return false;
            case 'w':
                Program.Add(new(M4RegexKind.Set, Set: M4RegexCode.IsWord));
                return false;
            case 'W':
                Program.Add(new(M4RegexKind.Set, Set: static x => !M4RegexCode.IsWord(x)));
                return false;
            case 's':
                Program.Add(new(M4RegexKind.Set, Set: IsSpace));
                return false;
            case 'S':
                Program.Add(new(M4RegexKind.Set, Set: static x => !IsSpace(x)));
                return false;
            default:
                Program.Add(new(M4RegexKind.Character, c));
                return false;
        }
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\v' or '\f' or '\r';

    private void List()
    {
        bool negated = _at < pattern.Length && pattern[_at] == '^';
        if (negated) { _at++; }
        var members = new HashSet<char>();
        for (bool first = true; ; first = false)
        {
            if (_at >= pattern.Length) { _fault = "Unmatched [, [^, [:, [., or [="; return; }
            char c = pattern[_at++];
            if (c == ']' && !first) { break; }
            if (_at + 1 < pattern.Length && pattern[_at] == '-' && pattern[_at + 1] != ']')
            {
                char end = pattern[_at + 1];
                _at += 2;
                if (end < c) { _fault = "Invalid range end"; return; }
                for (int x = c; x <= end; x++) { members.Add((char)x); }
            }
            else { members.Add(c); }
        }
        Program.Add(new(M4RegexKind.Set, Set: x => members.Contains(x) != negated));
    }
}
