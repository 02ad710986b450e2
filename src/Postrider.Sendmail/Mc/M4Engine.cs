using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Postrider.Sendmail.Mc;

/// <summary>
/// The m4 macro language as GNU m4 1.4 defines it. One engine runs once; not thread-safe. No command is ever executed, no file is opened except through
/// <see cref="M4Settings.Files"/>, and depth, work and size are bounded by <see cref="M4Settings.Limits"/>.
/// </summary>
public sealed class M4Engine
{
    private readonly M4Settings _settings;
    private readonly Dictionary<string, M4Definition> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, M4Builtin> _builtins = new(StringComparer.Ordinal);
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly StringBuilder _errorText = new();
    private readonly StringBuilder _errorLine = new();
    private List<(string Text, M4Place Place)> _wrapped = [];
    private long _expansionsLeft;
    private int _nesting;
    private int _status;
    private string _expanding = "";
    private bool _ran;

    public M4Engine(M4Settings settings)
    {
        _settings = settings;
        Limits = settings.Limits;
        _expansionsLeft = Limits.Expansions;
        Input = new M4Input(this);
        Output = new M4Output(this);
        foreach (M4Builtin builtin in M4Builtins.All)
        {
            _builtins.Add(builtin.Name, builtin);
            _symbols[builtin.Name] = new M4Definition("", builtin, default, null);
        }
        foreach (string name in (ReadOnlySpan<string>)["__gnu__", "__unix__"]) { Define(name, "", default); }
        foreach ((string name, string? text) in settings.Defines)
        {
            if (text is null) { Undefine(name); } else { Define(name, text, new M4Place("-D", 0)); }
        }
    }

    internal M4Limits Limits { get; }

    internal M4Input Input { get; }

    internal M4Output Output { get; }

    internal Func<string, string?> Command => _settings.Command;

    internal Func<string, string?> TemporaryFile => _settings.TemporaryFile;

    internal IReadOnlyCollection<string> Names => _symbols.Keys;

    /// <summary>Asked before <see cref="M4Settings.Files"/> for every included name: true if the name was served by other means.</summary>
    internal Func<string, bool>? Including { get; set; }

    /// <summary>Told of a word at the top level that no macro has, with an open parenthesis behind it.</summary>
    internal Action<string, M4Place>? UnknownCall { get; set; }

    /// <summary>Called when all input is read, before the diversions are brought back.</summary>
    internal Action? Ended { get; set; }

    /// <summary>Reads the sources one after the other, then what <c>m4wrap</c> kept, and gives the output.</summary>
    /// <exception cref="InvalidOperationException">This engine has run already.</exception>
    public M4Result Run(params IReadOnlyList<M4Source> sources)
    {
        if (_ran) { throw new InvalidOperationException("An m4 engine runs once."); }
        _ran = true;
        try
        {
            foreach (M4Source source in sources)
            {
                Input.PushFile(source);
                ExpandInput();
            }
            while (_wrapped.Count > 0)
            {
                // The newest is read first, as one text with the older ones: GNU m4 1.4 keeps them on a stack.
                List<(string Text, M4Place Place)> wrapped = _wrapped;
                _wrapped = [];
                foreach ((string text, M4Place place) in wrapped) { Input.PushText(text, place); }
                ExpandInput();
            }
            Ended?.Invoke();
            Output.Divert(0);
            Output.UndivertAll();
        }
        catch (M4StopException stop) { _status = stop.Status; }
        FlushErrorLine();
        return new M4Result(Output.MainText, _errorText.ToString(), _diagnostics, _status);
    }

    internal M4Definition? Find(string name) => _symbols.GetValueOrDefault(name);

    internal M4Builtin? FindBuiltin(string name) => _builtins.GetValueOrDefault(name);

    internal void Define(string name, string text, M4Place place) => Define(name, text, null, place);

    internal void Define(string name, string text, M4Builtin? builtin, M4Place place) =>
        _symbols[name] = new M4Definition(text, builtin, place, _symbols.GetValueOrDefault(name)?.Hidden);

    internal void Push(string name, string text, M4Builtin? builtin, M4Place place)
    {
        var pushed = new M4Definition(text, builtin, place, _symbols.GetValueOrDefault(name));
        if (pushed.Depth > Limits.Stack) { Stop($"`{name}' is pushed more than {Limits.Stack} deep"); }
        _symbols[name] = pushed;
    }

    /// <summary>Adds a macro whose meaning is code.</summary>
    internal void DefineNative(string name, Action<M4Call> run, bool blind = true)
    {
        var builtin = new M4Builtin(name, blind, TakesBuiltins: false, run);
        _builtins[name] = builtin;
        _symbols[name] = new M4Definition("", builtin, default, _symbols.GetValueOrDefault(name)?.Hidden);
    }

    internal void Undefine(string name) => _symbols.Remove(name);

    internal void Pop(string name)
    {
        if (!_symbols.TryGetValue(name, out M4Definition? definition)) { return; }
        if (definition.Hidden is null) { _symbols.Remove(name); } else { _symbols[name] = definition.Hidden; }
    }

    internal void Wrap(string text, M4Place place)
    {
        if (_wrapped.Count >= Limits.Stack) { Stop($"more than {Limits.Stack} texts wrapped"); }
        _wrapped.Add((text, place));
    }

    internal M4Source? Open(string name) => _settings.Files.Open(name);

    internal void Report(Severity severity, M4Place place, string message, string? remedy = null)
    {
        if (severity == Severity.Error) { _status = 1; }
        if (_diagnostics.Count < 10_000) { _diagnostics.Add(new Diagnostic(severity, place.File ?? "", place.Line, message, remedy)); }
    }

    /// <summary>Writes to the error stream; every complete line becomes a diagnostic as well.</summary>
    internal void PrintError(string text)
    {
        CheckText(_errorText.Length + text.Length);
        _errorText.Append(text);
        foreach (char c in text)
        {
            if (c != '\n') { _errorLine.Append(c); } else { FlushErrorLine(); }
        }
    }

    private void FlushErrorLine()
    {
        string line = _errorLine.ToString();
        _errorLine.Clear();
        if (line.Length == 0) { return; }
        // The library marks its errors by this word; its exit status stays 0, and so does ours.
        Severity severity = line.Contains("ERROR", StringComparison.Ordinal) ? Severity.Error : Severity.Warning;
        _diagnostics.Add(new Diagnostic(severity, Input.Place.File, Input.Place.Line, line));
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal void Stop(string message) => Stop(Input.Place, message);

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal void Stop(M4Place place, string message)
    {
        string within = _expanding.Length == 0 ? "" : $" (while expanding `{_expanding}')";
        Report(Severity.Error, place, message + within);
        throw new M4StopException(1);
    }

    internal void CheckText(int length)
    {
        if (length > Limits.Text) { Stop($"a text grew beyond {Limits.Text} characters"); }
    }

    /// <summary>Expands a text by itself, as if it stood in the input, and gives what comes out.</summary>
    internal string Evaluate(string text, M4Place place)
    {
        M4Place here = Input.Place;
        object? aside = Input.SetAside();
        Input.PushText(text, place);
        var result = new StringBuilder();
        M4TokenKind kind;
        while ((kind = Input.Token(out string token)) != M4TokenKind.End) { ExpandToken(result, kind, token); }
        Input.Restore(aside);
        Input.Place = here;
        return result.ToString();
    }

    private void ExpandInput()
    {
        M4TokenKind kind;
        while ((kind = Input.Token(out string text)) != M4TokenKind.End) { ExpandToken(null, kind, text); }
    }

    /// <summary>Writes a token to the argument being collected (or to the output), or expands it if it is a macro.</summary>
    private void ExpandToken(StringBuilder? argument, M4TokenKind kind, string text)
    {
        if (kind == M4TokenKind.Builtin) { return; }
        if (kind == M4TokenKind.Word)
        {
            if (_symbols.TryGetValue(text, out M4Definition? definition) && !(definition.Builtin is { Blind: true } && !Input.OpenIsNext()))
            {
                ExpandMacro(text, definition);
                return;
            }
            if (UnknownCall is not null && argument is null && definition is null && Input.OpenIsNext()) { UnknownCall(text, Input.Place); }
        }
        if (argument is null) { Output.Write(text); return; }
        argument.Append(text);
        CheckText(argument.Length);
    }

    private void ExpandMacro(string name, M4Definition definition)
    {
        if (--_expansionsLeft < 0) { Stop($"more than {Limits.Expansions} macro expansions: a macro that never ends?"); }
        if (++_nesting > Limits.Nesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Stop($"macro calls are nested more than {_nesting - 1} deep");
        }
        string outer = _expanding;
        M4Place opened = Input.Place;
        _expanding = name;
        List<M4Argument> arguments = Collect(opened, definition.Builtin is null or { TakesBuiltins: true });
        M4Place closed = Input.Place;
        Input.Place = opened;
        if (definition.Builtin is { } builtin)
        {
            var call = new M4Call(this, name, arguments, opened);
            builtin.Run(call);
            Input.PushText(call.Expansion.ToString(), opened);
        }
        else { Input.PushText(Substitute(name, definition.Text, arguments), opened); }
        Input.Place = closed;
        _expanding = outer;
        _nesting--;
    }

    private List<M4Argument> Collect(M4Place opened, bool takesBuiltins)
    {
        var arguments = new List<M4Argument>();
        if (!Input.OpenIsNext()) { return arguments; }
        Input.Token(out _);
        bool more;
        do
        {
            more = CollectOne(opened, out M4Argument argument);
            arguments.Add(takesBuiltins ? argument : argument with { Builtin = null });
        }
        while (more);
        return arguments;
    }

    /// <summary>Collects one argument; true if a comma ended it, so that another one follows.</summary>
    private bool CollectOne(M4Place opened, out M4Argument argument)
    {
        M4TokenKind kind;
        string text;
        do { kind = Input.Token(out text); } while (kind == M4TokenKind.Simple && text[0] is ' ' or '\t' or '\n' or '\v' or '\f' or '\r');
        M4Place place = Input.Place;
        var collected = new StringBuilder();
        M4Builtin? builtin = null;
        for (int depth = 0; ; kind = Input.Token(out text))
        {
            switch (kind)
            {
                case M4TokenKind.End:
                    Stop(opened, "end of file in argument list that was opened here");
                    break;
                case M4TokenKind.Comma or M4TokenKind.Close when depth == 0:
                    argument = new M4Argument(builtin is null ? collected.ToString() : "", builtin, place);
                    return kind == M4TokenKind.Comma;
                case M4TokenKind.Open:
                    depth++;
                    ExpandToken(collected, kind, text);
                    break;
                case M4TokenKind.Close:
                    depth--;
                    ExpandToken(collected, kind, text);
                    break;
                case M4TokenKind.Builtin:
                    if (collected.Length == 0) { builtin = Input.TokenBuiltin; }
                    break;
                default:
                    ExpandToken(collected, kind, text);
                    break;
            }
        }
    }

    internal string Substitute(string name, string text, List<M4Argument> arguments)
    {
        int dollar = text.IndexOf('$', StringComparison.Ordinal);
        if (dollar < 0) { return text; }
        var result = new StringBuilder();
        int from = 0;
        for (; dollar >= 0 && dollar + 1 < text.Length; dollar = text.IndexOf('$', from))
        {
            result.Append(text, from, dollar - from);
            from = dollar + 1;
            switch (text[from])
            {
                case >= '0' and <= '9':
                    int end = from;
                    while (end < text.Length && char.IsAsciiDigit(text[end])) { end++; }
                    // $10 and above are one number: GNU's extension.
                    if (int.TryParse(text.AsSpan(from, end - from), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                    {
                        if (number == 0) { result.Append(name); }
                        else if (number <= arguments.Count) { result.Append(arguments[number - 1].Text); }
                    }
                    from = end;
                    break;
                case '#':
                    result.Append(arguments.Count.ToString(CultureInfo.InvariantCulture));
                    from++;
                    break;
                case '*' or '@':
                    AppendArguments(result, arguments, ",", quoted: text[from] == '@');
                    from++;
                    break;
                default:
                    result.Append('$');
                    break;
            }
            CheckText(result.Length);
            if (from >= text.Length) { return result.ToString(); }
        }
        return result.Append(text, from, text.Length - from).ToString();
    }

    internal void AppendArguments(StringBuilder target, IEnumerable<M4Argument> arguments, string separator, bool quoted)
    {
        bool first = true;
        foreach (M4Argument argument in arguments)
        {
            if (!first) { target.Append(separator); }
            first = false;
            if (quoted) { target.Append(Input.LeftQuote).Append(argument.Text).Append(Input.RightQuote); }
            else { target.Append(argument.Text); }
            CheckText(target.Length);
        }
    }
}
