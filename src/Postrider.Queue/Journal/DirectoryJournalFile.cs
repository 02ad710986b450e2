namespace Postrider.Queue.Journal;

internal sealed class DirectoryJournalFile(FileStream stream) : IJournalFile
{
    public long Length => RandomAccess.GetLength(stream.SafeFileHandle);

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset) => RandomAccess.Write(stream.SafeFileHandle, pieces, offset);

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(stream.SafeFileHandle, buffer, offset);

    public void Sync() => LinuxCalls.SyncFileContent(stream.SafeFileHandle);

    public void Truncate(long length) => RandomAccess.SetLength(stream.SafeFileHandle, length);

    public void Dispose() => stream.Dispose();
}
