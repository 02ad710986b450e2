using System.Runtime.InteropServices;

namespace Postrider.Smtp.Tls;

/// <summary>Owner, mode and link count of a file, which the framework does not tell, and enough to see that it was changed or exchanged. By <c>statx</c>, because its record is the same on every architecture.</summary>
/// <param name="Changed">Time of the last change to content or inode, in nanoseconds since 1970.</param>
public readonly partial record struct FileStatus(UnixFileMode Mode, bool IsRegular, bool IsDirectory, uint Owner, uint Group, uint Links, long Size, ulong Inode, long Changed)
{
    private const int NoEntry = 2;
    private const int NotDirectory = 20;
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicFields = 0x7ff;

    /// <summary>The user this process acts as.</summary>
    public static uint EffectiveUser => GetEffectiveUser();

    /// <summary>Null when there is no such file, or it may not be looked at.</summary>
    public static FileStatus? Of(string path, bool followLink = true) =>
        Statx(CurrentDirectory, path, followLink ? 0 : NoFollow, BasicFields, out Buffer buffer) == 0 ? From(buffer) : null;

    /// <summary>Whether there is certainly no such file; false also when it may not be looked at.</summary>
    public static bool IsMissing(string path) => Of(path) is null && (Marshal.GetLastPInvokeError() is NoEntry or NotDirectory);

    /// <summary>Of an open file: what is read is what was checked.</summary>
    public static FileStatus? Of(SafeHandle file) =>
        StatxOpen(file, "", EmptyPath, BasicFields, out Buffer buffer) == 0 ? From(buffer) : null;

    private static FileStatus From(in Buffer b) =>
        new((UnixFileMode)(b.Mode & 0xfff), (b.Mode & 0xf000) == 0x8000, (b.Mode & 0xf000) == 0x4000, b.Owner, b.Group, b.Links, (long)b.Size, b.Inode,
            b.ChangedSeconds * 1_000_000_000 + b.ChangedNanoseconds);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Buffer buffer);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxOpen(SafeHandle file, string path, int flags, uint mask, out Buffer buffer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    // struct statx, statx(2): 256 octets, fixed offsets.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Buffer
    {
        [FieldOffset(16)] public uint Links;
        [FieldOffset(20)] public uint Owner;
        [FieldOffset(24)] public uint Group;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(96)] public long ChangedSeconds;
        [FieldOffset(104)] public uint ChangedNanoseconds;
    }
}
