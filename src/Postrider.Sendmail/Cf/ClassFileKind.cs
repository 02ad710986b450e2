namespace Postrider.Sendmail.Cf;

/// <summary>Where the words of an <c>F</c> line come from.</summary>
public enum ClassFileKind
{
    /// <summary>A file, a line at a time: <c>Fw/etc/mail/local-host-names</c>.</summary>
    File,

    /// <summary>What a program prints: <c>F{x}"|/path arg"</c>.</summary>
    Program,

    /// <summary>The value of one key of a map: <c>F{x}key@class:spec</c>.</summary>
    Map,
}
