namespace Postrider.Mta.Hosting.Control;

/// <summary>What may be asked over the control socket.</summary>
public enum ControlVerb
{
    None,

    /// <summary>One line about the daemon. Anybody.</summary>
    Status,

    /// <summary>The queue's entries. Anybody, or as restrictmailq says.</summary>
    List,

    /// <summary>A queue run. Anybody, or as restrictqrun says.</summary>
    Run,

    Hold,
    Unhold,
    Delete,
    Reload,
    Shutdown,
}
