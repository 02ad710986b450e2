namespace Postrider.Sendmail.Rewriting;

/// <summary>How a ruleset ended. A caller that decides about mail takes anything but <see cref="Ok"/> for a temporary failure.</summary>
public enum RewriteStatus
{
    /// <summary>The workspace is the answer.</summary>
    Ok = 0,

    /// <summary>A rule matched more than a hundred times on end. sendmail reports it, but does not count it as a failure of the ruleset.</summary>
    Loop = 1,

    /// <summary>A map's answer, or the workspace, cannot be taken apart. sysexits 65.</summary>
    BadValue = 65,

    /// <summary>A map could not answer now. sysexits 75.</summary>
    TemporaryFailure = 75,

    /// <summary>A ruleset that is not there was called, or rulesets call each other too deep. sysexits 78.</summary>
    ConfigurationError = 78,
}
