using System.Runtime.InteropServices;

namespace Postrider.Mta.Hosting.Posix;

/// <summary>What the file system says about one file, a symbolic link itself and not what it points to.</summary>
public readonly record struct FileFacts(uint Uid, uint Gid, uint Mode, uint Links, long Size)
{
    private const uint BasicStats = 0x7ff;
    private const uint TypeMask = 0xf000;

    public bool IsRegular => (Mode & TypeMask) == 0x8000;

    public bool IsDirectory => (Mode & TypeMask) == 0x4000;

    public bool IsSymbolicLink => (Mode & TypeMask) == 0xa000;

    public bool IsCharacterDevice => (Mode & TypeMask) == 0x2000;

    public bool IsSocket => (Mode & TypeMask) == 0xc000;

    /// <summary>Permission bits with set-id and sticky bits, for example 0x3DB (1733 in octal).</summary>
    public uint Permissions => Mode & 0xfff;

    /// <summary>Null when there is no such file or it may not be looked at.</summary>
    public static unsafe FileFacts? Of(string path)
    {
        PosixCalls.StatxBuffer buffer;
        return PosixCalls.Statx(PosixCalls.AtFdCwd, path, PosixCalls.AtSymlinkNoFollow, BasicStats, &buffer) == 0 ? From(buffer) : null;
    }

    /// <exception cref="IOException">The descriptor is not open.</exception>
    public static unsafe FileFacts Of(SafeHandle handle)
    {
        PosixCalls.StatxBuffer buffer;
        int descriptor = (int)handle.DangerousGetHandle();
        int result = PosixCalls.Statx(descriptor, "", PosixCalls.AtEmptyPath, BasicStats, &buffer);
        if (result != 0) throw new IOException("statx: " + Marshal.GetLastPInvokeErrorMessage());
        return From(buffer);
    }

    private static FileFacts From(in PosixCalls.StatxBuffer buffer) => new(buffer.Uid, buffer.Gid, buffer.Mode, buffer.Links, (long)buffer.Size);
}
