using System.Diagnostics;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Tests.Mta.Hosting;

public sealed class PrivilegesTests
{
    /// <summary>The test process gives up what it does not need: no test starts a set-id program.</summary>
    [Fact]
    public void No_new_privileges_holds_for_threads_that_were_there_before()
    {
        using ManualResetEventSlim end = new();
        Thread earlier = new(end.Wait) { IsBackground = true };
        earlier.Start();
        Privileges.ForbidNewPrivileges();
        int[] threads = [.. Process.GetCurrentProcess().Threads.Cast<ProcessThread>().Select(static thread => thread.Id)];
        string[] without = [.. threads.Select(static id => $"/proc/self/task/{id}/status").Where(File.Exists).Where(static file => File.ReadAllText(file).Contains("NoNewPrivs:\t0", StringComparison.Ordinal))];
        end.Set();
        earlier.Join();
        Assert.Empty(without);
    }
}
