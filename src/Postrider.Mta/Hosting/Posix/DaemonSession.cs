namespace Postrider.Mta.Hosting.Posix;

/// <summary>What makes a process a daemon: a session of its own, and nobody's terminal.</summary>
public static class DaemonSession
{
    public static void Begin() => _ = PosixCalls.SetSid(); // fails only for a process group leader, which has no need of it

    /// <summary>Standard output becomes /dev/null, and standard error too unless the log goes there: whoever started us waits for their end.</summary>
    public static void LetGoOfOutput(bool andError)
    {
        int descriptor = PosixCalls.Open("/dev/null", PosixCalls.OpenWriteOnly | PosixCalls.OpenCloseOnExec, 0);
        if (descriptor < 0) return;
        _ = PosixCalls.Dup2(descriptor, 1);
        if (andError) _ = PosixCalls.Dup2(descriptor, 2);
        _ = PosixCalls.Close(descriptor);
    }
}
