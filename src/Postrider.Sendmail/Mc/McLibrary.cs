namespace Postrider.Sendmail.Mc;

/// <summary>What <c>include(`…/cf.m4')</c> means.</summary>
public sealed class McLibrary
{
    private McLibrary(string? directory) => Directory = directory;

    /// <summary>Our own library: a short cf of vendor Postrider.</summary>
    public static McLibrary Builtin { get; } = new(null);

    /// <summary>The directory of the sendmail-cf library, in which <c>m4/cf.m4</c> stands; null for ours.</summary>
    public string? Directory { get; }

    /// <summary>The sendmail-cf library in this directory (<c>/usr/share/sendmail/cf</c>), or the one whose <c>cf.m4</c> this is.</summary>
    public static McLibrary Installed(string path) =>
        new(path.EndsWith("/m4/cf.m4", StringComparison.Ordinal) ? path[..^"/m4/cf.m4".Length] : path.TrimEnd('/'));

    /// <summary>The library that the machine has, or ours if it has none.</summary>
    public static McLibrary Find()
    {
        foreach (string directory in (ReadOnlySpan<string>)["/usr/share/sendmail/cf", "/usr/share/sendmail-cf", "/usr/local/share/sendmail/cf", "/usr/lib/sendmail-cf"])
        {
            if (File.Exists(directory + "/m4/cf.m4")) { return new McLibrary(directory); }
        }
        return Builtin;
    }
}
