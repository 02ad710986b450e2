namespace Postrider.Sendmail.Cf;

/// <summary>How the value of an option is read.</summary>
public enum CfOptionType
{
    /// <summary>First letter decides: <c>t T y Y 1</c> or nothing is true.</summary>
    Boolean,

    /// <summary>A decimal number.</summary>
    Integer,

    /// <summary>A file mode in octal.</summary>
    Octal,

    /// <summary>A time: numbers with units <c>s m h d w</c>; a bare number has the option's own unit.</summary>
    Interval,

    /// <summary>Text, possibly with macros.</summary>
    Text,

    /// <summary>The name of a file or directory.</summary>
    Path,

    /// <summary>Words, separated by commas or blanks.</summary>
    List,

    /// <summary>One of a few words, of which the first letter decides.</summary>
    Choice,

    /// <summary>Comma-separated <c>Key=value</c> pairs of a listener or a client socket.</summary>
    PortOptions,

    /// <summary>Several timeouts in one value, as before they had names of their own.</summary>
    OldTimeouts,
}
