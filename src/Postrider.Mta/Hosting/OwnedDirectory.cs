using System.Runtime.InteropServices;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting;

/// <summary>Directories that belong to the daemon.</summary>
internal static class OwnedDirectory
{
    /// <summary>Makes the directory if it is missing and gives it owner and mode. A parent that is missing is made as well, mode 0755.</summary>
    /// <exception cref="IOException">It is a link or something else than a directory, or belongs to somebody else.</exception>
    public static void Ensure(string path, SystemUser owner, uint group, UnixFileMode mode)
    {
        FileFacts? before = FileFacts.Of(path);
        if (before is null)
        {
            Directory.CreateDirectory(path);
            before = FileFacts.Of(path) ?? throw new IOException($"{path}: cannot be looked at");
        }

        if (!before.Value.IsDirectory) throw new IOException($"{path}: not a directory");
        bool isRoot = SystemUser.IsRoot;
        if (!isRoot && before.Value.Uid != owner.Uid) throw new IOException($"{path}: belongs to user {before.Value.Uid}, not to {owner.Name}; mend with: chown {owner.Name} {path}");
        if (isRoot && (before.Value.Uid != owner.Uid || before.Value.Gid != group))
        {
            if (before.Value.Uid != 0 && before.Value.Uid != owner.Uid) throw new IOException($"{path}: belongs to user {before.Value.Uid}; mend with: chown {owner.Name} {path}");
            if (PosixCalls.LChown(path, owner.Uid, group) != 0) throw new IOException($"{path}: chown: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        // After chown, which clears the set-group-id bit.
        if (File.GetUnixFileMode(path) != mode) File.SetUnixFileMode(path, mode);
    }
}
