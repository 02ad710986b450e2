namespace Postrider.Mta.Hosting.Monitor;

internal enum MonitorMessageKind : byte
{
    /// <summary>Worker: run this mailer; the message is the descriptor that comes along.</summary>
    Run = 1,

    /// <summary>Worker: the run of this number is wanted no more.</summary>
    Cancel = 2,

    /// <summary>Worker: read the configuration again.</summary>
    Reload = 3,

    /// <summary>Monitor: how a run ended.</summary>
    Exited = 4,

    /// <summary>Monitor: what came of a reload.</summary>
    Reloaded = 5,
}
