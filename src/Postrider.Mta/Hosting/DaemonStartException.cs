namespace Postrider.Mta.Hosting;

/// <summary>The daemon cannot start: one line that names what and why, and the exit code.</summary>
public sealed class DaemonStartException(SysExit exit, string message, Exception? inner = null) : Exception(message, inner)
{
    public SysExit Exit { get; } = exit;

    /// <summary>The message stands for itself: the program's name is not put in front.</summary>
    public bool IsWhole { get; init; }
}
