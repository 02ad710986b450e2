namespace Postrider.Sendmail.Mc;

/// <summary>How a run of the m4 engine is set up.</summary>
public sealed record M4Settings
{
    /// <summary>Where included files come from. Default: nowhere, every <c>include</c> fails.</summary>
    public IM4Files Files { get; init; } = NoFiles.Instance;

    /// <summary>Macros defined before the first line, in order (<c>-Dname=text</c>); a null text undefines the name (<c>-Uname</c>).</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Defines { get; init; } = [];

    /// <summary>What the run may cost.</summary>
    public M4Limits Limits { get; init; } = new();

    /// <summary>
    /// Answers <c>syscmd</c> and <c>esyscmd</c> without a shell: gets the command line, gives its standard output, or null to refuse.
    /// Default: every command is refused with an error.
    /// </summary>
    public Func<string, string?> Command { get; init; } = static _ => null;

    /// <summary>
    /// Answers <c>maketemp</c>: gets the template, gives a name that <see cref="Files"/> will serve, or null to refuse. Nothing is created. Default: refused with an
    /// error.
    /// </summary>
    public Func<string, string?> TemporaryFile { get; init; } = static _ => null;

    private sealed class NoFiles : IM4Files
    {
        internal static readonly NoFiles Instance = new();

        public M4Source? Open(string name) => null;
    }
}
