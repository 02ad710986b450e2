using System.Text;
using Microsoft.Win32.SafeHandles;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Aliasing;

/// <summary>Reads <c>:include:</c> files, and only where nobody but their owner could have written them. Thread-safe.</summary>
/// <remarks>
/// sendmail 8.17, oracle 60 and asked: the order of the checks and their words. A file or a directory above it that group or world may write is refused; a symbolic
/// link is followed when both ends are safe. Read as the user that the daemon runs as, so what he may not read is refused too.
/// A file whose state cannot be known is no list: its recipients are told, never left out.
/// </remarks>
public static class IncludeFiles
{
    /// <summary>Octets of one file; ours. A hundred thousand addresses are about 3 million.</summary>
    public const int MaxOctets = 16 << 20;

    public static async ValueTask<IncludeList> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal)) return IncludeList.Refused("Permission denied");
        try
        {
            if (Unsafe(path) is { } why) return IncludeList.Refused(why);
            using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.Asynchronous);

            // Looked at again now that it is open: it may have been exchanged in between.
            if (FileStatus.Of(file) is not { } status) return IncludeList.Refused("Permission denied");
            if (UnsafeFile(status) is { } changed) return IncludeList.Refused(changed);
            if (status.Size > MaxOctets) return IncludeList.Refused("File too large");
            using StreamReader reader = new(new FileStream(file, FileAccess.Read, bufferSize: 65536, isAsync: true), Encoding.UTF8);
            List<AliasMember> members = [];
            long left = MaxOctets;
            for (int number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
            {
                left -= line.Length + 1;
                if (left < 0) return IncludeList.Refused("File too large");
                if (line.Length == 0 || line[0] == '#' || string.IsNullOrWhiteSpace(line)) continue;
                List<AliasMember> some = AliasList.Parse(line, $"{path}: line {number}: ");
                some.Reverse();
                members.AddRange(some);
            }

            return new IncludeList(members, status.Owner, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return IncludeList.Refused(e is FileNotFoundException or DirectoryNotFoundException ? "No such file or directory" : e is UnauthorizedAccessException ? "Permission denied" : e.Message);
        }
    }

    private static string? Unsafe(string path)
    {
        string full = Path.GetFullPath(path);
        if (UnsafeDirectories(full) is { } directory) return directory;
        if (FileStatus.Of(full, followLink: false) is not { } named) return "No such file or directory";

        // A link of a user's leads to what is his: else he would have the daemon read for him what he may not.
        if (named.Owner != 0 && FileStatus.Of(full) is { } meant && meant.Owner != named.Owner) return "Permission denied";
        if (File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target && UnsafeDirectories(target.FullName) is { } elsewhere) return elsewhere;
        return FileStatus.Of(full) is { } status ? UnsafeFile(status) : "No such file or directory";
    }

    private static string? UnsafeFile(in FileStatus status)
    {
        if (!status.IsRegular) return "Not a regular file";
        if (status.Mode.HasFlag(UnixFileMode.GroupWrite)) return "Group writable file";
        return status.Mode.HasFlag(UnixFileMode.OtherWrite) ? "World writable file" : null;
    }

    private static string? UnsafeDirectories(string full)
    {
        for (string? directory = Path.GetDirectoryName(full); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (FileStatus.Of(directory) is not { IsDirectory: true } status) return "No such file or directory";
            if (status.Mode.HasFlag(UnixFileMode.GroupWrite)) return "Group writable directory";
            if (status.Mode.HasFlag(UnixFileMode.OtherWrite)) return "World writable directory";
        }

        return null;
    }
}
