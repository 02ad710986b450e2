using System.Collections.Immutable;
using Postrider.Mail;

namespace Postrider.Cli.Options;

/// <summary>What a sendmail command line asked for.</summary>
internal sealed record SendmailOptions
{
    public OperationMode Mode { get; init; }

    /// <summary>-C; null: the default place.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>-A: <c>m</c> or <c>c</c>; null: not said.</summary>
    public char? ConfigurationChoice { get; init; }

    /// <summary>-f, -r.</summary>
    public string? Sender { get; init; }

    /// <summary>-F.</summary>
    public string? FullName { get; init; }

    /// <summary>-t.</summary>
    public bool RecipientsFromHeader { get; init; }

    /// <summary>-i, -oi.</summary>
    public bool IgnoreDots { get; init; }

    /// <summary>-v.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>-q was given, with whatever it carries.</summary>
    public QueueOption? Queue { get; init; }

    /// <summary>Configuration lines that -O, -o and -M stand for, in their order: <c>O Name=value</c>, <c>Dxvalue</c>.</summary>
    public ImmutableArray<string> ConfigurationLines { get; init; } = [];

    /// <summary>-e letter; <c>p</c> is sendmail's default.</summary>
    public char ErrorMode { get; init; } = 'p';

    /// <summary>-B.</summary>
    public BodyType Body { get; init; }

    /// <summary>-N.</summary>
    public DsnNotify Notify { get; init; }

    /// <summary>-R.</summary>
    public DsnReturn Return { get; init; }

    /// <summary>-V.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>-h.</summary>
    public int HopCount { get; init; }

    /// <summary>-L.</summary>
    public string? LogTag { get; init; }

    /// <summary>-d; null: not given. <c>0-99.1</c> when bare.</summary>
    public string? Debug { get; init; }

    /// <summary>Flags that were understood and that nothing here answers to yet, as written: one line each, exit 69.</summary>
    public ImmutableArray<string> Unserved { get; init; } = [];

    /// <summary>What is left: recipients.</summary>
    public ImmutableArray<string> Operands { get; init; } = [];
}
