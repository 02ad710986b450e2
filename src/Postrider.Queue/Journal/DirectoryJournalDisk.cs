using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Postrider.Queue.Journal;

/// <summary>A journal's directory on a real disk.</summary>
/// <remarks>The directory is made with mode 0700 when it is absent, files with 0600. The lock is flock(2) on <c>lock</c>, which also holds the owner's process id.</remarks>
public sealed class DirectoryJournalDisk : IJournalDisk
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string path;
    private readonly SafeFileHandle directory;

    /// <exception cref="IOException">The directory can be neither opened nor made.</exception>
    public DirectoryJournalDisk(string path)
    {
        this.path = Path.GetFullPath(path);
        if (!Directory.Exists(this.path)) Directory.CreateDirectory(this.path, OwnerOnly | UnixFileMode.UserExecute);
        directory = LinuxCalls.OpenDirectory(this.path);
    }

    public long FreeOctets => new DriveInfo(path).AvailableFreeSpace;

    public IDisposable LockExclusively()
    {
        FileStream stream;
        try
        {
            stream = new FileStream(Path.Combine(path, "lock"), Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new QueueStoreInUseException(path, e);
        }

        stream.SetLength(0);
        stream.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        return stream;
    }

    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(path).Select(p => Path.GetFileName(p))];

    public IJournalFile Create(string name) => Permitted(() => Opened(name, FileMode.CreateNew, FileAccess.ReadWrite));

    public IJournalFile Open(string name, bool writable) => Permitted(() => Opened(name, FileMode.Open, writable ? FileAccess.ReadWrite : FileAccess.Read));

    public void Delete(string name) => Permitted(() =>
    {
        File.Delete(At(name));
        return true;
    });

    public void Rename(string name, string newName) => Permitted(() =>
    {
        File.Move(At(name), At(newName), overwrite: true);
        return true;
    });

    public void SyncDirectory() => LinuxCalls.SyncDirectory(directory);

    public void Dispose() => directory.Dispose();

    /// <summary>The base library tells EACCES apart from the other failures of a disk; a journal does not.</summary>
    private static T Permitted<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private DirectoryJournalFile Opened(string name, FileMode mode, FileAccess access) => new(new FileStream(At(name), Options(mode, access, FileShare.ReadWrite | FileShare.Delete)));

    private string At(string name) => Path.Combine(path, name);

    private static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (mode is FileMode.CreateNew or FileMode.OpenOrCreate) options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
