namespace Postrider.Cli.Options;

/// <summary>sendmail's <c>-b</c> letters.</summary>
internal enum OperationMode
{
    /// <summary>-bm, the default: a message on standard input.</summary>
    Deliver,

    /// <summary>-bs (and -ba): SMTP on standard input and output.</summary>
    SmtpOnStandardInput,

    /// <summary>-bd.</summary>
    Daemon,

    /// <summary>-bD.</summary>
    ForegroundDaemon,

    /// <summary>-bp.</summary>
    ListQueue,

    /// <summary>-bC.</summary>
    CheckConfiguration,

    /// <summary>-bi.</summary>
    InitializeAliases,

    /// <summary>-bt.</summary>
    Test,

    /// <summary>-bv.</summary>
    Verify,

    /// <summary>-bh.</summary>
    HostStatus,

    /// <summary>-bH.</summary>
    PurgeHostStatus,

    /// <summary>-bP.</summary>
    QueueCounts,
}
