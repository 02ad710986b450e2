using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Postrider.Mta.Files;

/// <summary>Writes small files that matter: never half, and never readable by more than was asked, not even for an instant.</summary>
internal static partial class WholeFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Public = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Directory755 = Public | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>On stable storage when it returns. A missing directory is made, mode 0755.</summary>
    /// <param name="replace">False: throws when the name exists. True: the name changes from the old content to the new in one step.</param>
    /// <param name="owner">(uid, gid) to give it to; null: ours.</param>
    /// <exception cref="IOException">The file exists, or cannot be written or given away; what was there is unchanged.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode, bool replace, (uint User, uint Group)? owner = null)
    {
        string full = Path.GetFullPath(path);
        string directory = Path.GetDirectoryName(full) ?? throw new IOException($"{path}: not a file name");
        if (!Directory.Exists(directory)) Directory.CreateDirectory(directory, Directory755);
        string target = replace ? Path.Combine(directory, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}") : full;
        // CreateNew is O_EXCL: it follows no link that somebody put there.
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode };
        bool created = false;
        try
        {
            using (FileStream stream = new(target, options))
            {
                created = true;
                if (owner is { } o && ChangeOwner(stream.SafeFileHandle, o.User, o.Group) != 0)
                    throw new IOException($"{path}: cannot be given to uid {o.User}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            if (replace) File.Move(target, full, overwrite: true);
        }
        catch
        {
            if (created) File.Delete(target);
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);
}
