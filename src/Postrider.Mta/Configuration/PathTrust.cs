using Postrider.Smtp.Tls;

namespace Postrider.Mta.Configuration;

/// <summary>Which directories above a file make it unfit to be read, as sendmail judges class files and maps. What <c>DontBlameSendmail</c> allows is a property each.</summary>
/// <remarks>sendmail 8.17, asked: neither mode nor owner of the file itself matters, nor who owns a directory; who may write one does.</remarks>
public sealed record PathTrust
{
    /// <summary><c>GroupWritableDirPathSafe</c>: a directory that its group may write is safe.</summary>
    public bool GroupWritableDirectories { get; init; }

    /// <summary><c>ClassFileInUnsafeDirPath</c>, <c>MapInUnsafeDirPath</c>: directories are not looked at.</summary>
    public bool UnsafeDirectories { get; init; }

    /// <summary><c>LinkedClassFileInWritableDir</c>, <c>LinkedMapInWritableDir</c>: a symbolic link may stand in an unsafe directory.</summary>
    public bool LinksInUnsafeDirectories { get; init; }

    /// <summary><c>TrustStickyBit</c>: a directory with the sticky bit is as good as one that nobody else may write.</summary>
    public bool StickyBit { get; init; }

    /// <summary>For class files, from the words of <c>DontBlameSendmail</c>.</summary>
    public static PathTrust OfClassFiles(IEnumerable<string> words) => Of(words, "ClassFileInUnsafeDirPath", "LinkedClassFileInWritableDir");

    /// <summary>For maps, from the words of <c>DontBlameSendmail</c>.</summary>
    public static PathTrust OfMaps(IEnumerable<string> words) => Of(words, "MapInUnsafeDirPath", "LinkedMapInWritableDir");

    private static PathTrust Of(IEnumerable<string> words, string unsafeDirectories, string links)
    {
        HashSet<string> said = new(words, StringComparer.OrdinalIgnoreCase);
        return new PathTrust
        {
            GroupWritableDirectories = said.Contains("GroupWritableDirPathSafe"),
            UnsafeDirectories = said.Contains(unsafeDirectories),
            LinksInUnsafeDirectories = said.Contains(links),
            StickyBit = said.Contains("TrustStickyBit"),
        };
    }

    /// <summary>Why a file must not be read, in sendmail's words; null: it may be tried.</summary>
    /// <param name="path">Absolute.</param>
    public string? Refusal(string path)
    {
        (string? refusal, string? unsafeDirectory, _) = Above(path);
        if (refusal is not null) return refusal;
        if (unsafeDirectory is not null && !UnsafeDirectories) return unsafeDirectory;
        if (unsafeDirectory is not null && !LinksInUnsafeDirectories && new FileInfo(path).LinkTarget is not null) return "Symbolic links not allowed";
        return FileStatus.Of(path) switch
        {
            null => Absence(path),
            { IsRegular: false } => "Regular files only",
            _ => null,
        };
    }

    /// <summary>The first directory above a file that others may write, as sendmail warns of it: <c>World writable directory /tmp</c>; null: there is none.</summary>
    /// <param name="path">Absolute.</param>
    public string? UnsafeDirectory(string path) => Above(path) is (null, { } what, { } which) ? $"{what} {which}" : null;

    // What cannot be looked at may be there: it must not count as an empty file.
    private static string Absence(string path) => FileStatus.IsMissing(path) ? "No such file or directory" : "Permission denied";

    private (string? Refusal, string? Unsafe, string? Directory) Above(string path)
    {
        (string?, string?, string?) found = default;
        string directory = "/";
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Prepend("").SkipLast(1))
        {
            directory = Path.Combine(directory, part);
            if (FileStatus.Of(directory) is not { } status) return (Absence(directory), null, null);
            if (!status.IsDirectory) return ("Permission denied", null, null); // so sendmail calls it
            if (found.Item2 is not null || (StickyBit && status.Mode.HasFlag(UnixFileMode.StickyBit))) continue;
            if (status.Mode.HasFlag(UnixFileMode.OtherWrite)) found = (null, "World writable directory", directory);
            else if (status.Mode.HasFlag(UnixFileMode.GroupWrite) && !GroupWritableDirectories) found = (null, "Group writable directory", directory);
        }

        return found;
    }
}
