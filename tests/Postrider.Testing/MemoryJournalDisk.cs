using Postrider.Queue;
using Postrider.Queue.Journal;

namespace Postrider.Testing;

/// <summary>
/// A journal's directory in memory. As it is, a quick disk for tests of other things; told so, one that fails, fills up, or crashes at a chosen step. After a crash
/// <see cref="AfterCrash"/> is what a hard disk may have kept: what was synced, and of the rest any part, torn anywhere, in any order.
/// </summary>
/// <remarks>Thread-safe. A step is a call that changes something: create, write, truncate, sync, delete, rename, sync of the directory.</remarks>
public sealed class MemoryJournalDisk : IJournalDisk
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, MemoryJournalFile> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MemoryJournalFile> durableNames = new(StringComparer.Ordinal);
    private readonly List<(string Name, MemoryJournalFile? Now)> unsyncedNames = [];
    private bool locked;

    /// <summary>Steps so far.</summary>
    public int Steps { get; private set; }

    /// <summary>At this step the power goes: a write is done in part, nothing else; from then on everything fails. 0: never.</summary>
    public int CrashAtStep { get; set; }

    /// <summary>Asked at each step, with its number and kind; what it returns is thrown. A write that fails may have been done in part.</summary>
    public Func<int, string, IOException?>? Failure { get; set; }

    /// <summary>Octets that fit on the disk; the write that would go beyond fails with ENOSPC.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    public bool HasCrashed { get; private set; }

    public long UsedOctets
    {
        get { lock (gate) return names.Values.Sum(static f => f.CachedLength); }
    }

    public long FreeOctets => Capacity == long.MaxValue ? long.MaxValue : Math.Max(0, Capacity - UsedOctets);

    public static IOException NoSpace() => new("No space left on device", 28);

    public static IOException InputOutputError() => new("Input/output error", 5);

    public IDisposable LockExclusively()
    {
        lock (gate)
        {
            if (locked) throw new QueueStoreInUseException("memory");
            locked = true;
            return new Unlocker(this);
        }
    }

    public IReadOnlyList<string> List()
    {
        lock (gate) return [.. names.Keys];
    }

    public IJournalFile Create(string name)
    {
        lock (gate)
        {
            Step("create");
            if (names.ContainsKey(name)) throw new IOException("File exists", 17);
            MemoryJournalFile file = new();
            names[name] = file;
            unsyncedNames.Add((name, file));
            return new Handle(this, file);
        }
    }

    public IJournalFile Open(string name, bool writable)
    {
        lock (gate) return names.TryGetValue(name, out MemoryJournalFile? file) ? new Handle(this, file) : throw new FileNotFoundException(name);
    }

    public void Delete(string name)
    {
        lock (gate)
        {
            Step("delete");
            names.Remove(name);
            unsyncedNames.Add((name, null));
        }
    }

    public void Rename(string name, string newName)
    {
        lock (gate)
        {
            Step("rename");
            if (!names.Remove(name, out MemoryJournalFile? file)) throw new FileNotFoundException(name);
            names[newName] = file;

            // The old name and the new one change in one stroke, as rename(2) does it.
            unsyncedNames.Add((newName, file));
            unsyncedNames.Add((name, null));
        }
    }

    public void SyncDirectory()
    {
        lock (gate)
        {
            Step("sync directory");
            unsyncedNames.Clear();
            durableNames.Clear();
            foreach ((string name, MemoryJournalFile file) in names) durableNames[name] = file;
        }
    }

    /// <summary>Changes octets that lie on the disk, as a bad sector does.</summary>
    public void Corrupt(string name, long offset, int octets)
    {
        lock (gate) names[name].Corrupt(offset, octets);
    }

    /// <summary>The file is not there any more, as after an operator's mistake.</summary>
    public void Lose(string name)
    {
        lock (gate)
        {
            names.Remove(name);
            durableNames.Remove(name);
        }
    }

    public long LengthOf(string name)
    {
        lock (gate) return names[name].CachedLength;
    }

    /// <summary>A disk as it may be found after the power came back.</summary>
    public MemoryJournalDisk AfterCrash(Random random)
    {
        lock (gate)
        {
            MemoryJournalDisk after = new();
            Dictionary<string, MemoryJournalFile> found = new(durableNames, StringComparer.Ordinal);
            int fate = random.Next(3);
            foreach ((string name, MemoryJournalFile? now) in unsyncedNames)
            {
                if (fate == 0 || (fate == 2 && random.Next(2) == 0)) continue;
                if (now is null) found.Remove(name);
                else found[name] = now;
            }

            foreach ((string name, MemoryJournalFile file) in found)
            {
                MemoryJournalFile survivor = file.AfterCrash(random);
                after.names[name] = survivor;
                after.durableNames[name] = survivor;
            }

            return after;
        }
    }

    /// <summary>The same directory after the process ended without the machine: everything written is there, synced or not.</summary>
    public MemoryJournalDisk AfterKill()
    {
        lock (gate)
        {
            MemoryJournalDisk after = new();
            foreach ((string name, MemoryJournalFile file) in names) after.names[name] = after.durableNames[name] = file.Clone();
            return after;
        }
    }

    public void Dispose() { }

    private void Step(string kind)
    {
        if (HasCrashed) throw new IOException("the machine is off");
        Steps++;
        if (Steps == CrashAtStep)
        {
            HasCrashed = true;
            throw new IOException("the power went");
        }

        if (Failure?.Invoke(Steps, kind) is { } failure) throw failure;
    }

    private sealed class Unlocker(MemoryJournalDisk disk) : IDisposable
    {
        public void Dispose() => disk.locked = false;
    }

    private sealed class Handle(MemoryJournalDisk disk, MemoryJournalFile file) : IJournalFile
    {
        public long Length { get { lock (disk.gate) return file.CachedLength; } }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset)
        {
            lock (disk.gate)
            {
                if (disk.HasCrashed) throw new IOException("the machine is off");
                long room = disk.FreeOctets + Math.Max(0, file.CachedLength - offset);
                long octets = pieces.Sum(static p => (long)p.Length);
                IOException? failure = null;
                try
                {
                    disk.Step("write");
                }
                catch (IOException e)
                {
                    failure = e;
                }

                if (failure is null && octets > room) failure = NoSpace();
                long left = failure is null ? octets : Math.Min(room, octets / 2);
                foreach (ReadOnlyMemory<byte> piece in pieces)
                {
                    int count = (int)Math.Min(piece.Length, left);
                    if (count == 0) break;
                    file.Write(piece.Span[..count], offset);
                    offset += count;
                    left -= count;
                }

                if (failure is not null) throw failure;
            }
        }

        public int Read(Span<byte> buffer, long offset)
        {
            lock (disk.gate) return file.Read(buffer, offset);
        }

        public void Sync()
        {
            lock (disk.gate)
            {
                try
                {
                    disk.Step("sync");
                }
                catch (IOException) when (!disk.HasCrashed)
                {
                    // As Linux does it: after a failed fsync the pages count as clean. They can be read, and nobody will ever write them.
                    file.ForgetUnsynced();
                    throw;
                }

                file.Sync();
            }
        }

        public void Truncate(long length)
        {
            lock (disk.gate)
            {
                disk.Step("truncate");
                file.Truncate(length);
            }
        }

        public void Dispose() { }
    }
}
