using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Postrider.Mta.Delivery;

/// <summary>
/// An open directory, and the operations below it that never follow a symbolic link: what is opened is what was checked, whatever somebody does to the
/// path meanwhile. Linux only. Every failure is a <see cref="MaildirException"/> with its errno.
/// </summary>
internal sealed partial class DirectoryHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int CloseOnExec = 0x80000;
    private const int OwnerOnlyDirectory = 0x1C0; // 0700
    private const int OwnerOnlyFile = 0x180; // 0600
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH

    // These two differ between the processor families that Linux runs on.
    private static readonly int directoryOnly = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x10000;
    private static readonly int noFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    private DirectoryHandle(nint descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>Opens a directory that the operator named: links on the way are his.</summary>
    public static DirectoryHandle OpenBase(string path) => new(Checked(OpenAt(CurrentDirectory, path, ReadOnly | directoryOnly | CloseOnExec, 0), "open", path));

    /// <summary>Opens a subdirectory. A symbolic link is refused with ELOOP or ENOTDIR.</summary>
    public DirectoryHandle Open(string name) => new(Checked(OpenAt(Descriptor, name, ReadOnly | directoryOnly | noFollow | CloseOnExec, 0), "open", name));

    /// <summary>Opens a subdirectory, and makes it with mode 0700 if it is missing; the entry is then on stable storage.</summary>
    public DirectoryHandle OpenOrCreate(string name)
    {
        int opened = OpenAt(Descriptor, name, ReadOnly | directoryOnly | noFollow | CloseOnExec, 0);
        int error = opened >= 0 ? 0 : Marshal.GetLastPInvokeError();
        if (error == 0) return new DirectoryHandle(opened);
        if (error != MaildirException.NoEntry) throw new MaildirException("open", name, error);
        int made = MakeDirectoryAt(Descriptor, name, OwnerOnlyDirectory);
        error = made == 0 ? 0 : Marshal.GetLastPInvokeError();
        if (made != 0 && error != MaildirException.Exists) throw new MaildirException("mkdir", name, error);
        if (made == 0) Sync();
        return Open(name);
    }

    /// <summary>Creates a file that did not exist, mode 0600.</summary>
    public SafeFileHandle CreateFile(string name) =>
        new(Checked(OpenAt(Descriptor, name, WriteOnly | Create | Exclusive | noFollow | CloseOnExec, OwnerOnlyFile), "create", name), ownsHandle: true);

    /// <summary>Moves a file to another directory of the same file system. The name there must be one that nobody else makes: an existing file would be replaced.</summary>
    public void Move(string name, DirectoryHandle target)
    {
        if (RenameAt(Descriptor, name, target.Descriptor, name) != 0) throw new MaildirException("rename", name, Marshal.GetLastPInvokeError());
    }

    /// <summary>Removes a file; a failure leaves it to the cleaning of tmp that every Maildir reader does after 36 hours.</summary>
    public void Remove(string name) => _ = UnlinkAt(Descriptor, name, 0);

    /// <summary>Entries made or moved here are on stable storage afterwards.</summary>
    public void Sync()
    {
        if (FileSync(Descriptor) != 0) throw new MaildirException("fsync", "directory", Marshal.GetLastPInvokeError());
    }

    /// <summary>Everything on the file system of this directory is on stable storage afterwards.</summary>
    public void SyncFileSystem()
    {
        if (FileSystemSync(Descriptor) != 0) throw new MaildirException("syncfs", "file system", Marshal.GetLastPInvokeError());
    }

    /// <summary>A number that is the same for directories on one file system.</summary>
    public ulong FileSystem
    {
        get
        {
            // struct statx, statx(2): 256 octets, the device's numbers at fixed offsets on every processor family.
            Span<byte> status = stackalloc byte[256];
            if (Status(Descriptor, "", EmptyPath, 0, status) != 0) throw new MaildirException("statx", "directory", Marshal.GetLastPInvokeError());
            return MemoryMarshal.Read<ulong>(status[136..]);
        }
    }

    protected override bool ReleaseHandle() => CloseDescriptor((int)handle) == 0;

    private int Descriptor => (int)handle;

    private static nint Checked(int descriptor, string operation, string name) =>
        descriptor >= 0 ? descriptor : throw new MaildirException(operation, name, Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenAt(int directory, string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "mkdirat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakeDirectoryAt(int directory, string path, int mode);

    [LibraryImport("libc", EntryPoint = "renameat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameAt(int fromDirectory, string from, int toDirectory, string to);

    [LibraryImport("libc", EntryPoint = "unlinkat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int UnlinkAt(int directory, string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Status(int directory, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileSystemSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseDescriptor(int descriptor);
}
