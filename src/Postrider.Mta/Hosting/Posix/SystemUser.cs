using System.Text;

namespace Postrider.Mta.Hosting.Posix;

/// <summary>One account as the system's name service gives it.</summary>
/// <param name="Name">Login name.</param>
/// <param name="Uid">User id.</param>
/// <param name="Gid">Primary group.</param>
/// <param name="FullName">First field of gecos, <c>&amp;</c> not yet replaced by the login name.</param>
/// <param name="Home">Home directory.</param>
public sealed record SystemUser(string Name, uint Uid, uint Gid, string FullName, string Home)
{
    private const int MaxBuffer = 1 << 20;

    /// <summary>Login shell; empty when the entry names none.</summary>
    public string Shell { get; init; } = "";

    /// <summary>What the name service shows in place of a password.</summary>
    public string Password { get; init; } = "";

    /// <summary>The user this process runs as; named by its number when the name service does not know it.</summary>
    public static SystemUser Current
    {
        get
        {
            uint uid = PosixCalls.GetUid();
            return Find(uid) ?? new SystemUser(uid.ToString(System.Globalization.CultureInfo.InvariantCulture), uid, PosixCalls.GetEffectiveGid(), "", "/");
        }
    }

    /// <summary>Effective group of this process.</summary>
    public static uint CurrentGroup => PosixCalls.GetEffectiveGid();

    /// <summary>True when this process has root's effective user id.</summary>
    public static bool IsRoot => PosixCalls.GetEffectiveUid() == 0;

    public static SystemUser? Find(string name) => Ask(name).User;

    public static SystemUser? Find(uint uid) => Ask(uid).User;

    /// <returns>The user, or neither user nor error when there is none, or the error that kept it from being known.</returns>
    internal static unsafe (SystemUser? User, int Error) Ask(string name) =>
        name.Contains('\0', StringComparison.Ordinal) ? default : Ask((entry, buffer, length, result) => PosixCalls.GetPwNam(name, entry, buffer, length, result));

    internal static unsafe (SystemUser? User, int Error) Ask(uint uid) =>
        Ask((entry, buffer, length, result) => PosixCalls.GetPwUid(uid, entry, buffer, length, result));

    /// <summary>Group id by name; null when there is no such group.</summary>
    public static unsafe uint? FindGroup(string name)
    {
        for (int size = 1024; size <= MaxBuffer; size *= 4)
        {
            byte[] buffer = new byte[size];
            PosixCalls.GroupEntry entry;
            PosixCalls.GroupEntry* result;
            fixed (byte* start = buffer)
            {
                int error = PosixCalls.GetGrNam(name, &entry, start, (nuint)size, &result);
                if (error == RangeError) continue;
                return error == 0 && result != null ? entry.Gid : null;
            }
        }

        return null;
    }

    /// <summary>The name for From: and Full-Name:, with <c>&amp;</c> replaced as sendmail does (oracle 83: "Bob &amp; Co" of bob is "Bob Bob Co").</summary>
    public string DisplayName
    {
        get
        {
            if (!FullName.Contains('&', StringComparison.Ordinal)) return FullName;
            string capital = Name.Length == 0 ? "" : char.ToUpperInvariant(Name[0]) + Name[1..];
            return FullName.Replace("&", capital, StringComparison.Ordinal);
        }
    }

    private const int RangeError = 34;

    private unsafe delegate int Lookup(PosixCalls.PasswdEntry* entry, byte* buffer, nuint length, PosixCalls.PasswdEntry** result);

    private static unsafe (SystemUser? User, int Error) Ask(Lookup lookup)
    {
        for (int size = 1024; size <= MaxBuffer; size *= 4)
        {
            byte[] buffer = new byte[size];
            PosixCalls.PasswdEntry entry;
            PosixCalls.PasswdEntry* result;
            fixed (byte* start = buffer)
            {
                int error = lookup(&entry, start, (nuint)size, &result);
                if (error == RangeError) continue;
                // getpwnam(3): ENOENT, ESRCH, EBADF and EPERM say that there is no such user, in one library or the other.
                if (result == null || error != 0) return (null, error is 2 or 3 or 9 or 1 ? 0 : error);
                string gecos = Text(entry.Gecos);
                int comma = gecos.IndexOf(',', StringComparison.Ordinal);
                return (new SystemUser(Text(entry.Name), entry.Uid, entry.Gid, comma < 0 ? gecos : gecos[..comma], Text(entry.Home)) { Shell = Text(entry.Shell), Password = Text(entry.Password) }, 0);
            }
        }

        return (null, RangeError);
    }

    private static unsafe string Text(byte* start)
    {
        if (start == null) return "";
        int length = 0;
        while (start[length] != 0) length++;
        return Encoding.UTF8.GetString(start, length);
    }
}
