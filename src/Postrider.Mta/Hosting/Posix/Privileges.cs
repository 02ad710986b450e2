using System.Runtime.InteropServices;

namespace Postrider.Mta.Hosting.Posix;

/// <summary>The one way down: from root to the user that talks to the network, verified, or nothing.</summary>
public static class Privileges
{
    /// <summary>Becomes <paramref name="user"/> for good, on all threads, and sets no_new_privs.</summary>
    /// <remarks>glibc's wrappers move every thread of the process; with the last root id the kernel drops all capabilities.</remarks>
    /// <exception cref="PrivilegeException">A call failed or the verification did: the caller must end the process.</exception>
    public static void DropTo(SystemUser user, uint? group = null)
    {
        uint gid = group ?? user.Gid;
        if (user.Uid == 0 || gid == 0) throw new PrivilegeException($"{user.Name}: RunAsUser must not be root or group 0");
        Check("initgroups", PosixCalls.InitGroups(user.Name, gid));
        Check("setresgid", PosixCalls.SetResGid(gid, gid, gid));
        Check("setresuid", PosixCalls.SetResUid(user.Uid, user.Uid, user.Uid));
        ForbidNewPrivileges();
        Verify(user.Uid, gid);
    }

    /// <exception cref="PrivilegeException">This process is not, in every id, what it should be, or could get root back.</exception>
    public static void Verify(uint uid, uint gid)
    {
        Check("getresuid", PosixCalls.GetResUid(out uint realUid, out uint effectiveUid, out uint savedUid));
        Check("getresgid", PosixCalls.GetResGid(out uint realGid, out uint effectiveGid, out uint savedGid));
        if (realUid != uid || effectiveUid != uid || savedUid != uid) throw new PrivilegeException($"user ids are {realUid}/{effectiveUid}/{savedUid}, not {uid}");
        if (realGid != gid || effectiveGid != gid || savedGid != gid) throw new PrivilegeException($"group ids are {realGid}/{effectiveGid}/{savedGid}, not {gid}");
        if (PosixCalls.SetUid(0) == 0) throw new PrivilegeException("setuid(0) succeeded after the privileges were given up");
        foreach (string thread in Directory.EnumerateDirectories("/proc/self/task")) VerifyThread(Path.Combine(thread, "status"));
        foreach (uint member in Groups())
        {
            if (member == 0) throw new PrivilegeException("still a member of group 0");
        }
    }

    /// <summary>Sets no_new_privs on every thread of the process.</summary>
    /// <remarks>prctl sets it on the calling thread alone, and the runtime has made others already. A system call filter that is given to all threads
    /// (SECCOMP_FILTER_FLAG_TSYNC) carries the bit to them, see seccomp(2); ours allows everything.</remarks>
    public static unsafe void ForbidNewPrivileges()
    {
        Check("prctl(PR_SET_NO_NEW_PRIVS)", PosixCalls.Prctl(PosixCalls.SetNoNewPrivileges, 1, 0, 0, 0));
        PosixCalls.FilterInstruction allow = new() { Code = PosixCalls.FilterReturn, K = PosixCalls.FilterAllow };
        PosixCalls.FilterProgram program = new() { Length = 1, Instructions = &allow };
        nint number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? PosixCalls.SeccompArm64 : PosixCalls.SeccompX64;
        nint result = PosixCalls.Seccomp(number, PosixCalls.SetModeFilter, PosixCalls.FilterAllThreads, &program);
        if (result != 0) throw new PrivilegeException($"seccomp: {(result < 0 ? Marshal.GetLastPInvokeErrorMessage() : $"thread {result} does not follow")}");
    }

    private static void VerifyThread(string status)
    {
        try
        {
            if (!File.ReadLines(status).Contains("NoNewPrivs:\t1", StringComparer.Ordinal)) throw new PrivilegeException($"no_new_privs is not set: {status}");
        }
        catch (IOException) when (!File.Exists(status))
        {
            // The thread has ended meanwhile.
        }
    }

    private static unsafe uint[] Groups()
    {
        int count = PosixCalls.GetGroups(0, null);
        Check("getgroups", count < 0 ? -1 : 0);
        uint[] groups = new uint[count];
        fixed (uint* start = groups) Check("getgroups", PosixCalls.GetGroups(count, start) < 0 ? -1 : 0);
        return groups;
    }

    private static void Check(string call, int result)
    {
        if (result != 0) throw new PrivilegeException($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
    }
}
