using Postrider.Queue;

namespace Postrider.Mta.Hosting;

/// <summary>What the command line asks of the daemon beyond its configuration.</summary>
public sealed record DaemonOptions
{
    /// <summary>-bd, -bD: sessions are taken. False: a queue runner only (-q, -q30m).</summary>
    public bool AcceptsSessions { get; init; } = true;

    /// <summary>-q30m: every deferred message is tried again after this. Null: as the configuration says.</summary>
    public TimeSpan? QueueInterval { get; init; }

    /// <summary>-q, -qI, -qS, -qR: what matches is tried once, then the daemon ends. Null: it stays.</summary>
    public QueueFilter? RunOnce { get; init; }

    /// <summary>-L, or the name the program was called by.</summary>
    public string LogTag { get; init; } = "postrider";

    /// <summary>Log to /dev/log where there is one. False: to standard error.</summary>
    public bool UsesSyslog { get; init; } = true;

    /// <summary>A configuration that is refused is told in sendmail's words and ends with its exit status. False: in ours, with 78.</summary>
    public bool SpeaksAsSendmail { get; init; }

    /// <summary>The reasons of every verdict are logged too (debug level).</summary>
    public bool ShowsReasons { get; init; }

    /// <summary>Called once, when every listener accepts and privileges are given up.</summary>
    public Action? Ready { get; init; }

    /// <summary>Files and directories of the site that are given to RunAsUser when the daemon is started as root.</summary>
    public IReadOnlyList<string> Owned { get; init; } = [];

    /// <summary>How long sessions and attempts under way may take to end. 10 seconds each.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(10);
}
