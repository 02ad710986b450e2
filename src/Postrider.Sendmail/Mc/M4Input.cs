using System.Text;

namespace Postrider.Sendmail.Mc;

/// <summary>
/// What is still to be read: a stack of files and expansions, newest on top, and the reader that cuts it into tokens. An expansion has the place of
/// the call that made it; a file's lines count as they are read.
/// </summary>
internal sealed class M4Input(M4Engine engine)
{
    private static readonly string[] SingleCharacters = [.. Enumerable.Range(0, 256).Select(i => ((char)i).ToString())];

    private Block? _top;
    private bool _changed;
    private int _files;
    private string _file = "";
    private int _line;
    private long _charactersLeft = engine.Limits.Characters;

    private const int EndOfInput = -1;
    private const int BuiltinHere = -2;

    internal string LeftQuote { get; set; } = "`";
    internal string RightQuote { get; set; } = "'";
    internal string LeftComment { get; set; } = "#";
    internal string RightComment { get; set; } = "\n";

    internal M4Place Place
    {
        get => new(_file, _line);
        set => (_file, _line) = (value.File, value.Line);
    }

    /// <summary>The builtin of the last token, if it was one.</summary>
    internal M4Builtin? TokenBuiltin { get; private set; }

    internal void PushFile(M4Source source)
    {
        if (++_files > engine.Limits.IncludeDepth) { engine.Stop($"files are included more than {engine.Limits.IncludeDepth} deep: `{source.Name}'"); }
        _top = new Block { Below = _top, Text = source.Text, File = source.Name, IsFile = true, LineIsNew = true };
        _changed = true;
    }

    internal void PushText(string text, M4Place place)
    {
        if (text.Length == 0) { return; }
        Trim();
        _top = new Block { Below = _top, Text = text, File = place.File, Line = place.Line };
        _changed = true;
    }

    internal void PushBuiltin(M4Builtin builtin, M4Place place)
    {
        Trim();
        _top = new Block { Below = _top, Text = "", File = place.File, Line = place.Line, Builtin = builtin };
        _changed = true;
    }

    /// <summary>Puts what is still to be read aside, so that a text can be expanded by itself; <see cref="Restore"/> takes it up again.</summary>
    internal object? SetAside()
    {
        Block? aside = _top;
        _top = null;
        return aside;
    }

    internal void Restore(object? aside)
    {
        _top = (Block?)aside;
        _changed = true;
    }

    // A macro that ends in its own name must not pile up spent expansions.
    private void Trim()
    {
        while (_top is { IsFile: false, Builtin: null } && _top.Position >= _top.Text.Length) { Pop(); }
    }

    private void Pop()
    {
        if (_top!.IsFile) { _files--; }
        _top = _top.Below;
        _changed = true;
    }

    private int Next()
    {
        while (_top is { } block)
        {
            if (_changed) { (_file, _line, _changed) = (block.File, block.Line, false); }
            if (block.Builtin is not null) { return BuiltinHere; }
            if (block.Position < block.Text.Length)
            {
                if (block.LineIsNew) { block.LineIsNew = false; _line = ++block.Line; }
                char c = block.Text[block.Position++];
                if (c == '\n' && block.IsFile) { block.LineIsNew = true; }
                if (--_charactersLeft < 0) { engine.Stop($"more than {engine.Limits.Characters} characters read: a macro that never ends?"); }
                return c;
            }
            Pop();
        }
        if (_changed) { (_file, _line, _changed) = ("", 0, false); }
        return EndOfInput;
    }

    /// <summary>The character <paramref name="ahead"/> places behind the next one, without reading it.</summary>
    private int Peek(int ahead = 0)
    {
        for (Block? block = _top; block is not null; block = block.Below)
        {
            if (block.Builtin is not null) { return BuiltinHere; }
            int left = block.Text.Length - block.Position;
            if (ahead < left) { return block.Text[block.Position + ahead]; }
            ahead -= left;
        }
        return EndOfInput;
    }

    /// <summary>Whether a delimiter begins with <paramref name="first"/> and goes on with what is <paramref name="from"/> places ahead.</summary>
    private bool Matches(int first, string delimiter, int from, bool consume)
    {
        if (delimiter.Length == 0 || delimiter[0] != first) { return false; }
        for (int i = 1; i < delimiter.Length; i++)
        {
            if (Peek(from + i - 1) != delimiter[i]) { return false; }
        }
        if (consume) { for (int i = 1; i < delimiter.Length; i++) { Next(); } }
        return true;
    }

    /// <summary>Reads the next token. A word, a quoted text without its quotes, a comment with its delimiters, or one character.</summary>
    internal M4TokenKind Token(out string text)
    {
        int c = Next();
        text = "";
        if (c == EndOfInput) { return M4TokenKind.End; }
        if (c == BuiltinHere)
        {
            TokenBuiltin = _top!.Builtin;
            Pop();
            return M4TokenKind.Builtin;
        }
        if (Matches(c, LeftComment, 0, consume: true)) { text = Comment(); return M4TokenKind.Text; }
        if (IsWordStart(c)) { text = Word(c); return M4TokenKind.Word; }
        if (Matches(c, LeftQuote, 0, consume: true)) { text = Quoted(); return M4TokenKind.Text; }
        text = c < 256 ? SingleCharacters[c] : ((char)c).ToString();
        return c switch { '(' => M4TokenKind.Open, ',' => M4TokenKind.Comma, ')' => M4TokenKind.Close, _ => M4TokenKind.Simple };
    }

    /// <summary>Whether the next token is an open parenthesis.</summary>
    internal bool OpenIsNext()
    {
        int c = Peek();
        return c == '(' && !Matches(c, LeftComment, 1, consume: false) && !Matches(c, LeftQuote, 1, consume: false);
    }

    /// <summary>Throws away everything to the end of the line; false if the text ended first.</summary>
    internal bool SkipLine()
    {
        int c;
        do { c = Next(); if (c == BuiltinHere) { Pop(); c = 0; } } while (c is not EndOfInput and not '\n');
        return c == '\n';
    }

    private static bool IsWordStart(int c) => c == '_' || c is >= 'a' and <= 'z' or >= 'A' and <= 'Z';

    private static bool IsWordPart(int c) => IsWordStart(c) || c is >= '0' and <= '9';

    private string Word(int first)
    {
        var text = new StringBuilder();
        text.Append((char)first);
        while (IsWordPart(Peek())) { text.Append((char)Next()); }
        return text.ToString();
    }

    private string Comment()
    {
        M4Place opened = Place;
        var text = new StringBuilder(LeftComment);
        int c;
        while ((c = Next()) >= 0 && !Matches(c, RightComment, 0, consume: true)) { Add(text, c); }
        if (c < 0) { engine.Stop(opened, "end of file in comment that was opened here"); }
        return text.Append(RightComment).ToString();
    }

    private string Quoted()
    {
        M4Place opened = Place;
        var text = new StringBuilder();
        int level = 1;
        while (true)
        {
            int c = Next();
            if (c == BuiltinHere) { Pop(); continue; }
            if (c == EndOfInput) { engine.Stop(opened, $"end of file in string: the quote `{LeftQuote}' opened here is never closed by `{RightQuote}'"); }
            if (Matches(c, RightQuote, 0, consume: true))
            {
                if (--level == 0) { return text.ToString(); }
                text.Append(RightQuote);
            }
            else if (Matches(c, LeftQuote, 0, consume: true)) { level++; text.Append(LeftQuote); }
            else { Add(text, c); }
        }
    }

    private void Add(StringBuilder text, int c)
    {
        text.Append((char)c);
        engine.CheckText(text.Length);
    }

    private sealed class Block
    {
        internal Block? Below { get; init; }
        internal required string Text { get; init; }
        internal required string File { get; init; }
        internal int Line { get; set; }
        internal bool IsFile { get; init; }
        internal bool LineIsNew { get; set; }
        internal int Position { get; set; }
        internal M4Builtin? Builtin { get; init; }
    }
}
