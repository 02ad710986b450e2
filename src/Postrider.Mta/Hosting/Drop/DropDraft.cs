using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting.Drop;

/// <summary>
/// One message on its way into the drop directory, written by whoever submits it, as that user: created exclusively, never through a link, visible to the
/// daemon only after it is whole and on stable storage. Disposed without <see cref="Commit"/>, it is removed.
/// </summary>
/// <remarks>Not thread-safe. The submitter cannot read the directory (mode 3733: the sticky bit keeps others' hands off, the group bit lets the daemon's group read).</remarks>
public sealed class DropDraft : IDisposable
{
    private const uint OwnerOnly = 0x180;
    private const uint SetGroupId = 0x400;

    private readonly string directory;
    private readonly string name;
    private readonly SafeFileHandle handle;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long length;
    private bool isCommitted;

    private DropDraft(string directory, string name, SafeFileHandle handle)
    {
        this.directory = directory;
        this.name = name;
        this.handle = handle;
    }

    /// <summary>Octets after the head so far.</summary>
    public long Length => length;

    private string TemporaryPath => Path.Combine(directory, "t" + name);

    /// <exception cref="IOException">The directory is not there, or this user may not write to it: the message names it.</exception>
    public static DropDraft Begin(string directory, DropEnvelope envelope)
    {
        string random = RandomNumberGenerator.GetString("0123456789abcdefghijklmnopqrstuvwxyz", 26);
        string path = Path.Combine(directory, "t" + random);
        int flags = PosixCalls.OpenWriteOnly | PosixCalls.OpenCreate | PosixCalls.OpenExclusive | PosixCalls.OpenNoFollow | PosixCalls.OpenCloseOnExec;
        int descriptor = PosixCalls.Open(path, flags, OwnerOnly);
        if (descriptor < 0) throw new IOException($"{directory}: {Marshal.GetLastPInvokeErrorMessage()}");
        DropDraft draft = new(directory, random, new SafeFileHandle(descriptor, ownsHandle: true));
        try
        {
            draft.Append(envelope.ToLine());
            draft.Append("\n"u8);
            return draft;
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">Disk full or failing; the draft can then only be disposed.</exception>
    public void Append(ReadOnlySpan<byte> octets)
    {
        RandomAccess.Write(handle, octets, DropHead.Octets + length);
        hash.AppendData(octets);
        length += octets.Length;
    }

    /// <summary>Makes the message exist: when this returns it is on stable storage and the daemon will find it.</summary>
    /// <returns>The name it has in the directory.</returns>
    public string Commit()
    {
        RandomAccess.Write(handle, DropHead.Format(length, hash.GetHashAndReset()), 0);
        if (FileFacts.Of(directory) is { } facts && (facts.Permissions & SetGroupId) != 0)
        {
            // The new file has the directory's group, which is the daemon's: that is how an unprivileged daemon can read what only its owner may write.
            File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        RandomAccess.FlushToDisk(handle);
        File.Move(TemporaryPath, Path.Combine(directory, "m" + name), overwrite: true); // rename(2); the other form of Move makes a second link for a moment

        // The directory may not be opened for reading, so it cannot be synced itself; syncing the file again makes the file system commit the rename with it.
        RandomAccess.FlushToDisk(handle);
        isCommitted = true;
        return "m" + name;
    }

    public void Dispose()
    {
        handle.Dispose();
        hash.Dispose();
        if (!isCommitted)
        {
            try
            {
                File.Delete(TemporaryPath);
            }
            catch (IOException)
            {
                // The daemon clears away what is old and unfinished.
            }
        }
    }
}
