namespace Postrider.Sendmail.Mc;

/// <summary>How an <c>.mc</c> is compiled.</summary>
public sealed record McCompileOptions
{
    /// <summary>What <c>include(`…/cf.m4')</c> means. Default: our own library.</summary>
    public McLibrary Library { get; init; } = McLibrary.Builtin;

    /// <summary>Macros defined before the first line, in order (<c>-D</c>); a null text undefines (<c>-U</c>).</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Defines { get; init; } = [];

    /// <summary>Directories for included files (<c>-I</c>), after the one of the <c>.mc</c>.</summary>
    public IReadOnlyList<string> IncludeDirectories { get; init; } = [];

    /// <summary>Directory against which relative names are read. Default: the one of the <c>.mc</c>, or the current one.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>
    /// With an installed library: reads its <c>cf.m4</c> before the file (<c>m4 ../m4/cf.m4 site.mc</c>). Null, the default: exactly if the file does not include
    /// it itself.
    /// </summary>
    public bool? LibraryFirst { get; init; }

    /// <summary>
    /// What the head of an installed library's output says of who built it: user, host, date and directory, in this order. Null, the default: nothing is said, and the
    /// output depends on nothing but its input.
    /// </summary>
    public (string User, string Host, string Date, string Directory)? Builder { get; init; }

    /// <summary>What the compilation may cost.</summary>
    public M4Limits Limits { get; init; } = new();
}
