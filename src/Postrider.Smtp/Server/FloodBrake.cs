namespace Postrider.Smtp.Server;

/// <summary>Slows a peer down that repeats commands which lead nowhere: at the limit one second, then twice as long each time, at most four minutes.</summary>
/// <remarks>
/// sendmail 8.17, oracle 01: six HELO/EHLO in a session take 1+2+4+8 seconds with a limit of 3. VRFY and EXPN share a count (6), ETRN has 8,
/// the NOOP class MaxNOOPCommands, AUTH the number of its mechanisms plus one.
/// </remarks>
internal sealed class FloodBrake
{
    public const int HelloLimit = 3;
    public const int VerifyLimit = 6;
    public const int EtrnLimit = 8;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    private int count;

    public int Count => count;

    /// <summary>Counts one more command; zero when it is answered at once.</summary>
    public TimeSpan Press(int limit)
    {
        int over = ++count - limit;
        if (over < 0) return TimeSpan.Zero;
        return over >= 8 ? Longest : TimeSpan.FromSeconds(1 << over);
    }

    public void Release() => count = 0;
}
