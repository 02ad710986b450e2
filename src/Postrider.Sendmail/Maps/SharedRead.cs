using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Postrider.Sendmail.Maps;

/// <summary>Opens a file that others write in place under a lock, as sendmail's makemap does.</summary>
internal static partial class SharedRead
{
    private const int Shared = 1;
    private const int DoNotWait = 4;
    private const int Unlock = 8;

    /// <summary>
    /// Refuses a file that somebody is writing just now; then holds no lock, so that a writer that comes later never waits for a reader that lives as long as the daemon.
    /// </summary>
    /// <param name="door">Opens what this process may not; null, or an answer of null: nobody does.</param>
    /// <exception cref="MapFileException">It is missing, may not be read, or is being written.</exception>
    public static SafeFileHandle Open(string path, FileDoor? door)
    {
        try
        {
            // On Linux FileShare.Read takes flock's shared lock at once or fails: the same lock that makemap holds exclusively while it writes.
            SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
            _ = Flock(file, Unlock);
            return file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MapFileException($"{path}: No such file or directory", e);
        }
        catch (UnauthorizedAccessException e)
        {
            return Unlocked(door?.Invoke(path), path) ?? throw new MapFileException($"{path}: Permission denied", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new MapFileException($"{path}: {e.Message}", e);
        }
    }

    private static SafeFileHandle? Unlocked(SafeFileHandle? opened, string path)
    {
        if (opened is null) { return null; }
        if (Flock(opened, Shared | DoNotWait) != 0)
        {
            opened.Dispose();
            throw new MapFileException($"{path}: is being written");
        }
        _ = Flock(opened, Unlock);
        return opened;
    }

    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int Flock(SafeFileHandle file, int operation);
}
