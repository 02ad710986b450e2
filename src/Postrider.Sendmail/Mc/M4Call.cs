using System.Text;

namespace Postrider.Sendmail.Mc;

/// <summary>One call of a builtin: its arguments with their places, and where its expansion goes.</summary>
internal sealed class M4Call
{
    private readonly List<M4Argument> _arguments;
    private readonly StringBuilder _expansion = new();

    internal M4Call(M4Engine engine, string name, List<M4Argument> arguments, M4Place place)
    {
        Engine = engine;
        Name = name;
        _arguments = arguments;
        Place = place;
    }

    internal M4Engine Engine { get; }

    /// <summary>The name by which the macro was called.</summary>
    internal string Name { get; }

    /// <summary>Where the call began.</summary>
    internal M4Place Place { get; }

    /// <summary>How many arguments were given; <c>f()</c> has one, which is empty.</summary>
    internal int Count => _arguments.Count;

    /// <summary>The argument with this number, from 1; empty if it was not given.</summary>
    internal string this[int number] => number >= 1 && number <= _arguments.Count ? _arguments[number - 1].Text : "";

    internal M4Argument Argument(int number) => number >= 1 && number <= _arguments.Count ? _arguments[number - 1] : new("", null, Place);

    /// <summary>Where the argument with this number stands; the call's own place if it was not given.</summary>
    internal M4Place PlaceOf(int number) => Argument(number).Place;

    /// <summary>The call without its first arguments, as another macro is to see it.</summary>
    internal M4Call Shifted(string name, int dropped, bool takesBuiltins) =>
        new(Engine, name, [.. _arguments.Skip(dropped).Select(a => takesBuiltins ? a : a with { Builtin = null })], Place);

    internal IReadOnlyList<M4Argument> Arguments => _arguments;

    internal StringBuilder Expansion => _expansion;

    /// <summary>Adds to the text by which the call is replaced, and which is then read again.</summary>
    internal void Expand(string text)
    {
        _expansion.Append(text);
        Engine.CheckText(_expansion.Length);
    }

    internal void Warn(string message) => Engine.Report(Severity.Warning, Place, $"{message} (in `{Name}')");

    internal void Error(string message) => Engine.Report(Severity.Error, Place, $"{message} (in `{Name}')");

    /// <summary>Warns if the number of arguments is outside the bounds; true if there are too few, so that the call can do nothing.</summary>
    internal bool TooFew(int least, int most = int.MaxValue)
    {
        if (Count < least)
        {
            // The name itself counts as an argument in m4's view; to be called as a bare word is then no fault.
            Engine.Report(Severity.Warning, Place, $"too few arguments to builtin `{Name}'");
            return true;
        }
        if (Count > most) { Engine.Report(Severity.Warning, Place, $"excess arguments to builtin `{Name}' ignored"); }
        return false;
    }

    /// <summary>Reads an argument as a decimal integer; an empty one counts as 0. False, with a warning, if it is not a number.</summary>
    internal bool Integer(int number, out int value)
    {
        string text = this[number];
        value = 0;
        if (text.Length == 0) { Warn("empty string treated as 0"); return true; }
        string trimmed = text.TrimStart(' ', '\t', '\n', '\v', '\f', '\r');
        if (trimmed.Length != text.Length) { Warn("leading whitespace ignored"); }
        if (!long.TryParse(trimmed, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out long wide))
        {
            Warn($"non-numeric argument `{text}'");
            return false;
        }
        value = unchecked((int)wide);
        return true;
    }
}
