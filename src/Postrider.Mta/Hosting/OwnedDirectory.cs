using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
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

        // From here on by descriptor: the directory above may belong to the owner, who must not be able to put a link in its place while root gives it away.
        int descriptor = PosixCalls.Open(path, PosixCalls.OpenReadOnly | PosixCalls.OpenDirectory | PosixCalls.OpenNoFollow | PosixCalls.OpenCloseOnExec, 0);
        if (descriptor < 0) throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        using SafeFileHandle handle = new(descriptor, ownsHandle: true);
        FileFacts facts = FileFacts.Of(handle);
        bool isRoot = SystemUser.IsRoot;
        if (!isRoot && facts.Uid != owner.Uid) throw new IOException($"{path}: belongs to user {facts.Uid}, not to {owner.Name}; mend with: chown {owner.Name} {path}");
        if (isRoot && (facts.Uid != owner.Uid || facts.Gid != group))
        {
            if (facts.Uid != 0 && facts.Uid != owner.Uid) throw new IOException($"{path}: belongs to user {facts.Uid}; mend with: chown {owner.Name} {path}");
            if (PosixCalls.FChown(handle, owner.Uid, group) != 0) throw new IOException($"{path}: chown: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        // After chown, which clears the set-group-id bit.
        if (File.GetUnixFileMode(handle) != mode) File.SetUnixFileMode(handle, mode);
    }
}
