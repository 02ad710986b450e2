namespace Postrider.Queue.Journal;

/// <summary>The directory that a journal lives in: the only way by which it touches a disk.</summary>
/// <remarks>
/// Blocking calls, made by the journal on its own thread; reads come on any. Names are plain file names. Failures are <see cref="IOException"/> whose
/// <see cref="Exception.HResult"/> is the errno (28 ENOSPC and 122 EDQUOT mean full). What was created, renamed or deleted is on stable
/// storage only after <see cref="SyncDirectory"/>; what was written only after <see cref="IJournalFile.Sync"/>.
/// </remarks>
public interface IJournalDisk : IDisposable
{
    /// <summary>Takes the directory for one writer, until the result is disposed or the process ends.</summary>
    /// <exception cref="QueueStoreInUseException">Somebody else has it.</exception>
    IDisposable LockExclusively();

    IReadOnlyList<string> List();

    /// <summary>A new file, open for writing and reading. Fails when the name exists.</summary>
    IJournalFile Create(string name);

    /// <summary>An existing file; <see cref="IJournalFile.Truncate"/> and <see cref="IJournalFile.Sync"/> work when <paramref name="writable"/>.</summary>
    IJournalFile Open(string name, bool writable);

    void Delete(string name);

    /// <summary>Replaces what stood under the new name.</summary>
    void Rename(string name, string newName);

    void SyncDirectory();

    /// <summary>Octets that may still be written.</summary>
    long FreeOctets { get; }
}
