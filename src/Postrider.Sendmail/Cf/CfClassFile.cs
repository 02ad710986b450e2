namespace Postrider.Sendmail.Cf;

/// <summary><c>F</c>: adds words to a class from a file, a program or a map.</summary>
/// <param name="Line">Number of the first physical line, from 1.</param>
/// <param name="Raw">The text as in the file.</param>
/// <param name="Name">One character, or the long name without braces.</param>
/// <param name="Kind">File, program or map.</param>
/// <param name="Source">The file name; the program and its arguments; the map's flags and argument. Unexpanded: sendmail 8.17 puts no macro in.</param>
/// <param name="Optional">An absent or unsafe file is no error (<c>-o</c>).</param>
public sealed record CfClassFile(int Line, string Raw, string Name, ClassFileKind Kind, string Source, bool Optional) : CfLine(Line, Raw)
{
    /// <summary>What is taken of each line of a file. Of a program's output it is always the first word.</summary>
    public ClassFileFormat Format { get; init; } = ClassFileFormat.FirstWord;

    /// <summary>The key that a map is asked for.</summary>
    public string Key { get; init; } = "";

    /// <summary>The map's class, in lower case; empty for a file or a program.</summary>
    public string MapType { get; init; } = "";
}
