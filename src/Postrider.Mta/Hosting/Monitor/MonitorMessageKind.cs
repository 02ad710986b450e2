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

    /// <summary>Worker: open this map's file.</summary>
    Open = 6,

    /// <summary>Monitor: the file is the descriptor that comes along; without one it was not opened.</summary>
    Opened = 7,
}
