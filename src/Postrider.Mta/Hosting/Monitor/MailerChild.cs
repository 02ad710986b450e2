using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting.Monitor;

/// <summary>
/// The short life between a daemon and a mailer's program: reads what to become from standard input, up to where the message begins; takes that user's ids for
/// good; and is replaced by the program, which finds the message on standard input, one pipe for standard output and standard error, and no other descriptor. For a mailer that writes files it stays and appends
/// the message itself (<see cref="MailboxFile"/>).
/// </summary>
/// <remarks>
/// Set-id bits of programs keep their meaning (no_new_privs is not set): wrappers of mailing lists and delivery programs with a group of their own rely on them, and whoever
/// can have a program run here could run it from a shell.
/// Standard input is read by read(2), never ahead: what is behind the start is the program's.
/// </remarks>
public static class MailerChild
{
    /// <summary>The applet's name.</summary>
    public const string Name = "run-mailer";

    private const int CloseOnExec = 4; // CLOSE_RANGE_CLOEXEC
    private const int CoreSize = 4; // RLIMIT_CORE
    private const uint FileMask = 0x12; // 022, as sendmail's mailers have it

    /// <summary>Does not return when a program runs.</summary>
    public static SysExit Run()
    {
        try
        {
            MailerStart start = MailerStart.Decode(ReadStart());
            Prepare(start);
            Become(start);
            if (start.Appends) return MailboxFile.Append(start.Path, start.Root);
            Execute(start);
        }
        catch (Exception e) when (e is IOException or PrivilegeException or ArgumentException)
        {
            Console.Error.WriteLine(e.Message);
        }

        return SysExit.OsError; // temporary: what is missing now may be there later
    }

    private static byte[] ReadStart()
    {
        byte[] length = ReadExactly(4);
        int octets = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (octets is < 0 or > MailerStart.MaxOctets) throw new IOException($"{Name}: called by somebody else than the daemon");
        return ReadExactly(octets);
    }

    private static unsafe byte[] ReadExactly(int count)
    {
        byte[] octets = new byte[count];
        for (int at = 0; at < count;)
        {
            nint read;
            fixed (byte* start = octets) read = PosixCalls.Read(0, start + at, (nuint)(count - at));
            if (read < 0 && Marshal.GetLastPInvokeError() == PosixCalls.Interrupted) continue;
            if (read <= 0) throw new IOException($"{Name}: called by somebody else than the daemon");
            at += (int)read;
        }

        return octets;
    }

    private static unsafe void Prepare(MailerStart start)
    {
        Check("dup2", PosixCalls.Dup2(1, 2));
        ulong* none = stackalloc ulong[2];
        none[0] = none[1] = 0;
        Check("setrlimit", PosixCalls.SetLimit(CoreSize, none));
        _ = PosixCalls.Umask(FileMask);
        if (start.Nice != 0) _ = PosixCalls.SetPriority(0, 0, start.Nice); // wanted, not needed
    }

    private static unsafe void Become(MailerStart start)
    {
        if (start.Identity is { } identity)
        {
            uint gid = identity.Gid;
            Check("setgroups", identity.Name is { } name ? PosixCalls.InitGroups(name, gid) : PosixCalls.SetGroups(1, &gid));
            EnterRoot(start); // behind the groups: root must not believe the name service of a jail
            Check("setresgid", PosixCalls.SetResGid(gid, gid, gid));
            Check("setresuid", PosixCalls.SetResUid(identity.Uid, identity.Uid, identity.Uid));
            Check("getresuid", PosixCalls.GetResUid(out uint real, out uint effective, out uint saved));
            if (real != identity.Uid || effective != identity.Uid || saved != identity.Uid || (identity.Uid != 0 && PosixCalls.SetUid(0) == 0))
                throw new PrivilegeException($"{Name}: privileges could not be given up");
        }
        else EnterRoot(start);

        // As the user: where root may go says nothing about where he may.
        if (!start.Directories.Any(static directory => PosixCalls.ChDir(directory) == 0)) throw new IOException($"{Name}: none of {string.Join(':', start.Directories)} can be entered");
    }

    private static void EnterRoot(MailerStart start)
    {
        if (start.Root.Length > 0 && !start.Appends) Check($"chroot {start.Root}", PosixCalls.ChRoot(start.Root));
    }

    private static unsafe void Execute(MailerStart start)
    {
        // The runtime ignores some signals, and what is ignored stays so in the program: an endless writer must die of a closed pipe.
        foreach (int signal in (ReadOnlySpan<int>)[1, 2, 3, 13, 14, 15, 17]) _ = PosixCalls.Signal(signal, 0);
        byte* path = Text(start.Path);
        byte** arguments = Vector(start.Arguments);
        byte** environment = Vector(start.Environment);

        // For nothing, so that the runtime has made its way to the call before the descriptors are closed.
        _ = PosixCalls.ExecVe(Text(""), arguments, environment);

        // Last of all: the runtime itself opens files on its way here, when it loads what is needed next.
        if (PosixCalls.CloseRange(3, uint.MaxValue, CloseOnExec) != 0) CloseAllOnExec();
        int error = PosixCalls.ExecVe(path, arguments, environment) == 0 ? 0 : Marshal.GetLastPInvokeError();
        throw new IOException($"Cannot exec {start.Path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static unsafe byte** Vector(IReadOnlyList<string> texts)
    {
        byte** vector = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++) vector[i] = Text(texts[i]);
        return vector;
    }

    private static unsafe byte* Text(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException($"{Name}: a text holds NUL");
        byte[] octets = Encoding.UTF8.GetBytes(text);
        byte* copy = (byte*)NativeMemory.AllocZeroed((nuint)octets.Length + 1);
        octets.CopyTo(new Span<byte>(copy, octets.Length));
        return copy;
    }

    /// <summary>For kernels before 5.11.</summary>
    private static void CloseAllOnExec()
    {
        const int setFlags = 2; // F_SETFD
        const int closeOnExec = 1; // FD_CLOEXEC
        foreach (string entry in Directory.GetFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(entry), out int descriptor) && descriptor > 2) _ = PosixCalls.FControl(descriptor, setFlags, closeOnExec);
        }
    }

    private static void Check(string call, int result)
    {
        if (result < 0) throw new IOException($"{Name}: {call}: {Marshal.GetLastPInvokeErrorMessage()}");
    }
}
