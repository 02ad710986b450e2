using System.Globalization;

namespace Postrider.Sendmail.Mc;

/// <summary>The builtin macros: definitions, conditionals, files, diversions, the run itself. Text and numbers are in the other part.</summary>
internal static partial class M4Builtins
{
    internal static readonly IReadOnlyList<M4Builtin> All =
    [
        new("__file__", Blind: false, TakesBuiltins: false, File),
        new("__line__", false, false, Line),
        new("__program__", false, false, static call => Quote(call, "m4")),
        new("builtin", true, true, Builtin),
        new("changecom", false, false, ChangeComment),
        new("changequote", false, false, ChangeQuote),
        new("debugfile", false, false, static _ => { }),
        new("debugmode", false, false, static _ => { }),
        new("decr", true, false, static call => Step(call, -1)),
        new("define", true, true, static call => Define(call, push: false)),
        new("defn", true, false, DefinitionOf),
        new("divert", false, false, Divert),
        new("divnum", false, false, static call => Expand(call, call.Engine.Output.Current)),
        new("dnl", false, false, DeleteLine),
        new("dumpdef", false, false, static _ => { }),
        new("errprint", true, false, ErrorPrint),
        new("esyscmd", true, false, static call => Command(call, toOutput: false)),
        new("eval", true, false, Eval),
        new("format", true, false, Format),
        new("ifdef", true, false, IfDefined),
        new("ifelse", true, false, IfElse),
        new("include", true, false, static call => Include(call, mustExist: true)),
        new("incr", true, false, static call => Step(call, 1)),
        new("index", true, false, Index),
        new("indir", true, true, Indirect),
        new("len", true, false, Length),
        new("m4exit", false, false, Exit),
        new("m4wrap", true, false, Wrap),
        new("maketemp", true, false, MakeTemporary),
        new("mkstemp", true, false, MakeTemporary),
        new("patsubst", true, false, Substitute),
        new("popdef", true, false, static call => Each(call, call.Engine.Pop)),
        new("pushdef", true, true, static call => Define(call, push: true)),
        new("regexp", true, false, Match),
        new("shift", true, false, Shift),
        new("sinclude", true, false, static call => Include(call, mustExist: false)),
        new("substr", true, false, Slice),
        new("syscmd", true, false, static call => Command(call, toOutput: true)),
        new("sysval", false, false, static call => call.Expand("0")),
        new("traceoff", false, false, static _ => { }),
        new("traceon", false, false, static _ => { }),
        new("translit", true, false, Transliterate),
        new("undefine", true, false, static call => Each(call, call.Engine.Undefine)),
        new("undivert", false, false, Undivert),
    ];

    private static void Quote(M4Call call, string text) => call.Expand(call.Engine.Input.LeftQuote + text + call.Engine.Input.RightQuote);

    private static void Expand(M4Call call, int number) => call.Expand(number.ToString(CultureInfo.InvariantCulture));

    private static void File(M4Call call) => Quote(call, call.Place.File);

    private static void Line(M4Call call) => Expand(call, call.Place.Line);

    private static void Define(M4Call call, bool push)
    {
        if (call.TooFew(1, 2)) { return; }
        if (call.Argument(1).Builtin is not null) { call.Warn("invalid macro name ignored"); return; }
        M4Argument meaning = call.Argument(2);
        if (push) { call.Engine.Push(call[1], meaning.Text, meaning.Builtin, call.PlaceOf(1)); }
        else { call.Engine.Define(call[1], meaning.Text, meaning.Builtin, call.PlaceOf(1)); }
    }

    private static void Each(M4Call call, Action<string> act)
    {
        if (call.TooFew(1)) { return; }
        for (int i = 1; i <= call.Count; i++) { act(call[i]); }
    }

    private static void DefinitionOf(M4Call call)
    {
        if (call.TooFew(1)) { return; }
        for (int i = 1; i <= call.Count; i++)
        {
            if (call.Engine.Find(call[i]) is not { } definition) { continue; }
            if (definition.Builtin is null) { Quote(call, definition.Text); }
            else if (call.Count == 1) { call.Engine.Input.PushBuiltin(definition.Builtin, call.Place); }
            else { call.Warn($"cannot concatenate builtin `{call[i]}'"); }
        }
    }

    private static void IfDefined(M4Call call)
    {
        if (call.TooFew(2, 3)) { return; }
        call.Expand(call[call.Engine.Find(call[1]) is not null ? 2 : 3]);
    }

    private static void IfElse(M4Call call)
    {
        if (call.Count == 1 || call.TooFew(3)) { return; }
        int at = 1;
        while (true)
        {
            if (string.Equals(call[at], call[at + 1], StringComparison.Ordinal)) { call.Expand(call[at + 2]); return; }
            int left = call.Count - at + 1;
            if (left <= 3) { return; }
            if (left is 4 or 5) { call.Expand(call[at + 3]); return; }
            at += 3;
        }
    }

    private static void Builtin(M4Call call)
    {
        if (call.TooFew(1)) { return; }
        if (call.Argument(1).Builtin is not null) { call.Warn("invalid macro name ignored"); return; }
        if (call.Engine.FindBuiltin(call[1]) is not { } builtin) { call.Warn($"undefined builtin `{call[1]}'"); return; }
        RunShifted(call, builtin, call[1]);
    }

    private static void Indirect(M4Call call)
    {
        if (call.TooFew(1)) { return; }
        if (call.Argument(1).Builtin is not null) { call.Warn("invalid macro name ignored"); return; }
        if (call.Engine.Find(call[1]) is not { } definition) { call.Warn($"undefined macro `{call[1]}'"); return; }
        if (definition.Builtin is { } builtin) { RunShifted(call, builtin, call[1]); return; }
        call.Expand(call.Engine.Substitute(call[1], definition.Text, [.. call.Arguments.Skip(1)]));
    }

    private static void RunShifted(M4Call call, M4Builtin builtin, string name)
    {
        M4Call inner = call.Shifted(name, 1, builtin.TakesBuiltins);
        builtin.Run(inner);
        call.Expand(inner.Expansion.ToString());
    }

    private static void Shift(M4Call call)
    {
        if (call.TooFew(1)) { return; }
        call.Engine.AppendArguments(call.Expansion, call.Arguments.Skip(1), ",", quoted: true);
    }

    private static void ChangeQuote(M4Call call)
    {
        call.TooFew(0, 2);
        M4Input input = call.Engine.Input;
        input.LeftQuote = call.Count >= 1 ? call[1] : "`";
        input.RightQuote = call.Count >= 2 && (call[2].Length > 0 || call[1].Length == 0) ? call[2] : "'";
    }

    private static void ChangeComment(M4Call call)
    {
        call.TooFew(0, 2);
        M4Input input = call.Engine.Input;
        input.LeftComment = call[1];
        input.RightComment = call.Count >= 2 && (call[2].Length > 0 || call[1].Length == 0) ? call[2] : "\n";
    }

    private static void DeleteLine(M4Call call)
    {
        call.TooFew(0, 0);
        if (!call.Engine.Input.SkipLine()) { call.Warn("end of file treated as newline"); }
    }

    private static void Divert(M4Call call)
    {
        call.TooFew(0, 1);
        int number = 0;
        if (call.Count == 0 || call.Integer(1, out number)) { call.Engine.Output.Divert(number); }
    }

    private static void Undivert(M4Call call)
    {
        if (call.Count == 0) { call.Engine.Output.UndivertAll(); return; }
        for (int i = 1; i <= call.Count; i++)
        {
            if (call[i].Length == 0) { continue; }
            if (int.TryParse(call[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)) { call.Engine.Output.Undivert(number); }
            else if (call.Engine.Open(call[i]) is { } file) { call.Engine.Output.Write(file.Text); }
            else { call.Error($"cannot undivert `{call[i]}': No such file or directory"); }
        }
    }

    private static void Include(M4Call call, bool mustExist)
    {
        if (call.TooFew(1, 1)) { return; }
        if (call.Engine.Including?.Invoke(call[1]) == true) { return; }
        if (call.Engine.Open(call[1]) is { } file) { call.Engine.Input.PushFile(file); }
        else if (mustExist) { call.Error($"cannot open `{call[1]}': No such file or directory"); }
    }

    private static void ErrorPrint(M4Call call)
    {
        if (call.TooFew(1)) { return; }
        call.Engine.PrintError(string.Join(' ', call.Arguments.Select(static argument => argument.Text)));
    }

    private static void Wrap(M4Call call)
    {
        if (call.TooFew(1)) { return; }
        call.Engine.Wrap(string.Join(' ', call.Arguments.Select(static argument => argument.Text)), call.Place);
    }

    private static void Exit(M4Call call)
    {
        call.TooFew(0, 1);
        int status = 0;
        if (call.Count > 0 && !call.Integer(1, out status)) { status = 1; }
        if (status is < 0 or > 255) { call.Warn($"exit status out of range: `{status}'"); status = 1; }
        throw new M4StopException(status);
    }

    private static void Command(M4Call call, bool toOutput)
    {
        if (call.TooFew(1, 1)) { return; }
        if (call.Engine.Command(call[1]) is not { } answer)
        {
            // A configuration is data: building it must not run programs, least of all as root.
            call.Error($"shell command refused: `{call[1]}'");
        }
        else if (toOutput) { call.Engine.Output.WriteMain(answer); }
        else { call.Expand(answer); }
    }

    private static void MakeTemporary(M4Call call)
    {
        if (call.TooFew(1, 1)) { return; }
        if (call.Engine.TemporaryFile(call[1]) is { } name) { Quote(call, name); } else { call.Error("temporary files are refused"); }
    }
}
