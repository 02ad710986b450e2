namespace Postrider.Sendmail.Mc;

/// <summary>
/// The files of an installed sendmail-cf library, found whatever place an <c>.mc</c> names them by, and the one temporary file that its head asks for: it wants to run
/// its own script for builder, host, date and directory into that file and to include it. The file is never made and the script never run; both are answered here.
/// </summary>
internal sealed class McInstalledFiles(IM4Files files, string directory, (string User, string Host, string Date, string Directory)? builder) : IM4Files
{
    private const string Temporary = "/tmp/cf";
    private const string UsualPlace = "/usr/share/sendmail/cf/";

    private string? _builtBy;

    public M4Source? Open(string name)
    {
        if (name == Temporary) { return _builtBy is null ? null : new M4Source(name, _builtBy); }
        if (files.Open(name) is { } found) { return found; }
        // A file from another machine names the place where that one had the library.
        if (name.EndsWith("/m4/cf.m4", StringComparison.Ordinal)) { return files.Open(directory + "/m4/cf.m4"); }
        return name.StartsWith(UsualPlace, StringComparison.Ordinal) ? files.Open($"{directory}/{name[UsualPlace.Length..]}") : null;
    }

    internal static string? TemporaryFile(string template) => template.StartsWith("/tmp/cf", StringComparison.Ordinal) ? Temporary : null;

    /// <summary>What a command prints; null for any but the head's two.</summary>
    internal string? Answer(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["sh", var script, .. var arguments, ">", Temporary] when script.EndsWith("/makeinfo.sh", StringComparison.Ordinal):
                _builtBy = BuiltBy(arguments is [var library, ..] ? library : "");
                return "";
            case ["rm", "-f", Temporary]:
                _builtBy = null;
                return "";
            default:
                return null;
        }
    }

    private string BuiltBy(string library)
    {
        string host = $"define(`__HOST__', {builder?.Host ?? "localhost"})dnl\n";
        return builder is { } known
            ? $"##### built by {known.User}@{known.Host} on {known.Date}\n##### in {known.Directory}\n##### using {library} as configuration include directory\n{host}" : host;
    }
}
