using Microsoft.Win32.SafeHandles;

namespace Postrider.Smtp.Tls;

/// <summary>Reads files whose content decides who is trusted, and only where nobody else could have written (or, for secrets, read) them. Every refusal names the file and the command that mends it.</summary>
/// <remarks>sendmail 8.17, oracle 21: a key that group or others may read, or a directory that the world may write, switches TLS off.
/// Differs from sendmail: a world-writable directory with the sticky bit (/tmp) is trusted, because only a file's owner can replace it there, and the owner is checked.</remarks>
public static class SafeFile
{
    private const int MaxOctets = 4 << 20;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode OthersAny = OthersWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The content, or null and the <paramref name="problem"/>: one sentence with the remedy.</summary>
    /// <param name="secret">True: only its owner may read it. Otherwise only its owner may write it.</param>
    /// <param name="trustedOwner">May own it besides root and this process's own user: <c>RunAsUser</c>, while we are still root.</param>
    public static byte[]? Read(string path, bool secret, out string? problem, uint? trustedOwner = null)
    {
        try
        {
            // Looked at before it is opened, because opening a pipe would wait for its writer; and again afterwards, because it may have been exchanged.
            if (FileStatus.Of(path) is not { } before) return Refuse($"{path}: not found, or not readable by this process", out problem);
            problem = Judge(path, before, secret, trustedOwner) ?? JudgeDirectories(path);
            if (problem is not null) return null;
            using SafeFileHandle file = File.OpenHandle(path);
            if (FileStatus.Of(file) is not { } opened) return Refuse($"{path}: cannot be examined", out problem);
            problem = Judge(path, opened, secret, trustedOwner);
            if (problem is not null) return null;
            byte[] content = new byte[opened.Size];
            int length = 0;
            while (length < content.Length)
            {
                int read = RandomAccess.Read(file, content.AsSpan(length), length);
                if (read == 0) break;
                length += read;
            }

            return length == content.Length ? content : content[..length];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Refuse($"{path}: cannot be read ({e.Message})", out problem);
        }
    }

    /// <summary>Null when no directory above the file, nor above what it links to, is open to everybody.</summary>
    public static string? JudgeDirectories(string path)
    {
        string full = Path.GetFullPath(path);
        if (JudgeAncestors(full) is { } problem) return problem;
        try
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target ? JudgeAncestors(target.FullName) : null;
        }
        catch (FileNotFoundException)
        {
            return null; // not made yet
        }
        catch (IOException e)
        {
            return $"{path}: cannot be resolved ({e.Message})";
        }
    }

    private static string? JudgeAncestors(string full)
    {
        for (string? directory = Path.GetDirectoryName(full); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (FileStatus.Of(directory) is not { IsDirectory: true } status) return $"{directory}: not a directory, or not readable by this process";
            if (status.Mode.HasFlag(UnixFileMode.OtherWrite) && !status.Mode.HasFlag(UnixFileMode.StickyBit))
                return $"{directory}: world-writable directory; mend with: chmod o-w {directory}";
        }

        return null;
    }

    private static string? Judge(string path, in FileStatus status, bool secret, uint? trustedOwner)
    {
        if (!status.IsRegular) return $"{path}: not a regular file";
        if (status.Size > MaxOctets) return $"{path}: larger than {MaxOctets} octets";
        if (status.Owner != 0 && status.Owner != FileStatus.EffectiveUser && status.Owner != trustedOwner)
            return $"{path}: owned by uid {status.Owner}, neither root nor uid {FileStatus.EffectiveUser}; mend with: chown {FileStatus.EffectiveUser} {path}";
        if (secret && (status.Mode & OthersAny) != 0) return $"{path}: readable by others than its owner; mend with: chmod 600 {path}";
        return (status.Mode & OthersWrite) != 0 ? $"{path}: writable by others than its owner; mend with: chmod go-w {path}" : null;
    }

    private static byte[]? Refuse(string text, out string problem)
    {
        problem = text;
        return null;
    }
}
