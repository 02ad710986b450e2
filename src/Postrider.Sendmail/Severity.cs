namespace Postrider.Sendmail;

/// <summary>How grave a <see cref="Diagnostic"/> is.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Note,

    /// <summary>Taken as written, but probably not what was meant.</summary>
    Warning,

    /// <summary>Refused: what was written has no meaning, or a meaning that cannot be served.</summary>
    Error,
}
