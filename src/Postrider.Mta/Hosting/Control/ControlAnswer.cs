namespace Postrider.Mta.Hosting.Control;

/// <summary>One line of an answer. The last one carries <see cref="Exit"/>.</summary>
public sealed record ControlAnswer
{
    /// <summary>Octets of an answer line at most.</summary>
    public const int MaxOctets = 8 << 20;

    public ControlEntry? Entry { get; init; }

    /// <summary>For the person who asked.</summary>
    public string? Text { get; init; }

    public SysExit? Exit { get; init; }

    public static ControlAnswer End(SysExit exit, string? text = null) => new() { Exit = exit, Text = text };
}
