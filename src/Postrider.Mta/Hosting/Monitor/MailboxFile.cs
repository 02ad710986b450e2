using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting.Monitor;

/// <summary>Appends what is on standard input to a file, as the user that this process has become: all of it, on stable storage, or nothing.</summary>
/// <remarks>
/// sendmail 8.17, asked: no symbolic link, no second name of a file, nothing executable or set-id, nothing but an ordinary file or /dev/null (73, "Can't create output");
/// a new file has mode 0600; what cannot be written for want of space is 74 and tried again.
/// With SafeFileEnvironment the path is looked up as if that directory were the root, and no link on the way is followed.
/// </remarks>
internal static unsafe class MailboxFile
{
    private const int AtEnd = 0x400; // O_APPEND
    private const int OwnerOnly = 0x180; // 0600
    private const uint ExecutableOrSetId = 0xE49; // 07111
    private const int OpenAt2Number = 437;
    private const ulong NoMagicLinks = 0x2;
    private const ulong NoSymbolicLinks = 0x4;
    private const ulong InRoot = 0x10;
    private const int Exclusive = 2; // LOCK_EX
    private const int NoSpace = 28;
    private const int TooManyOpen = 24;
    private const int IoTrouble = 5;

    public static SysExit Append(string path, string root)
    {
        if (path.Contains('\0', StringComparison.Ordinal) || !path.StartsWith('/')) return Say(SysExit.CannotCreate, path, "not a path");

        // The directory itself may stand in front of the name or not: both mean the same file (sendmail's documentation).
        string below = root.Length > 0 && path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal) ? path[root.TrimEnd('/').Length..] : path;
        int descriptor = Open(below, root);
        if (descriptor < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return Say(error is NoSpace or TooManyOpen or IoTrouble ? SysExit.TemporaryFailure : SysExit.CannotCreate, path, Marshal.GetPInvokeErrorMessage(error));
        }

        using SafeFileHandle file = new(descriptor, ownsHandle: true);
        FileFacts facts = FileFacts.Of(file);
        bool isNull = facts.IsCharacterDevice && path == "/dev/null";
        if (!isNull && (!facts.IsRegular || facts.Links != 1 || (facts.Permissions & ExecutableOrSetId) != 0)) return Say(SysExit.CannotCreate, path, "not an ordinary file, or it has another name, or it is executable");
        if (isNull) return SysExit.Ok;
        if (PosixCalls.FLock(descriptor, Exclusive) != 0) return Say(SysExit.TemporaryFailure, path, Marshal.GetLastPInvokeErrorMessage());
        long before = FileFacts.Of(file).Size;
        if (Copy(descriptor) && PosixCalls.FSync(descriptor) == 0) return SysExit.Ok;
        string why = Marshal.GetLastPInvokeErrorMessage();
        _ = PosixCalls.FTruncate(descriptor, before);
        return Say(SysExit.IoError, path, why);
    }

    private static int Open(string path, string root)
    {
        int flags = PosixCalls.OpenWriteOnly | AtEnd | PosixCalls.OpenCreate | PosixCalls.OpenNoFollow | PosixCalls.OpenNonBlocking | PosixCalls.OpenCloseOnExec;
        if (root.Length == 0) return PosixCalls.Open(path, flags, OwnerOnly);
        int directory = PosixCalls.Open(root, PosixCalls.OpenPath | PosixCalls.OpenDirectory | PosixCalls.OpenCloseOnExec, 0);
        if (directory < 0) return -1;
        PosixCalls.OpenHow how = new() { Flags = (ulong)flags, Mode = OwnerOnly, Resolve = InRoot | NoSymbolicLinks | NoMagicLinks };
        fixed (byte* text = Encoding.UTF8.GetBytes(path + "\0")) return (int)PosixCalls.OpenAt2(OpenAt2Number, directory, text, &how, (nuint)sizeof(PosixCalls.OpenHow));
    }

    private static bool Copy(int descriptor)
    {
        byte* buffer = (byte*)NativeMemory.Alloc(65536);
        while (true)
        {
            nint read = PosixCalls.Read(0, buffer, 65536);
            if (read == 0) return true;
            if (read < 0 && Marshal.GetLastPInvokeError() != PosixCalls.Interrupted) return false;
            for (nint at = 0; at < read;)
            {
                nint written = PosixCalls.Write(descriptor, buffer + at, (nuint)(read - at));
                if (written < 0 && Marshal.GetLastPInvokeError() != PosixCalls.Interrupted) return false;
                if (written > 0) at += written;
            }
        }
    }

    private static SysExit Say(SysExit exit, string path, string why)
    {
        Console.Error.WriteLine($"{path}: {why}");
        return exit;
    }
}
