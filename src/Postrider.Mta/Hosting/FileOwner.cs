using System.Runtime.InteropServices;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting;

/// <summary>Gives files to the daemon's user.</summary>
public static class FileOwner
{
    /// <summary>As root: the file, never what a link points to, becomes <paramref name="owner"/>'s. Not as root: nothing, it is ours.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Give(string path, RunAsUser owner)
    {
        if (SystemUser.IsRoot && PosixCalls.LChown(path, owner.User.Uid, owner.Group) != 0) throw new IOException($"{path}: chown: {Marshal.GetLastPInvokeErrorMessage()}");
    }
}
