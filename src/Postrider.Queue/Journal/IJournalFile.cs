namespace Postrider.Queue.Journal;

/// <summary>An open file of a journal. Reads may run concurrently with each other and with one writer.</summary>
/// <remarks>A deleted file stays readable until it is disposed.</remarks>
public interface IJournalFile : IDisposable
{
    long Length { get; }

    /// <summary>Writes the pieces one after another, all of them or failing; after a failure any part of them may be in the file.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset);

    /// <returns>Octets read; 0 only at the end of the file.</returns>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Returns when all that was written is on stable storage. After a failure nothing is known about it, and never will be: a second call may lie.</summary>
    void Sync();

    void Truncate(long length);
}
