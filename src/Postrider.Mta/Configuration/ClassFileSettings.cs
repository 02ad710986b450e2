using Postrider.Mta.Maps;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Configuration;

/// <summary>What reading a class file may do, and how much.</summary>
public sealed record ClassFileSettings
{
    public PathTrust Trust { get; init; } = new();

    /// <summary>Against this directory relative file names are read; null: there is no file of such a name, as in sendmail, which runs in the queue's directory.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>Opens the map of <c>key@class:spec</c>; null: there is no such class here. A <see cref="FormatException"/> says what is wrong with its text.</summary>
    public Func<CfMap, IMap?> OpenMap { get; init; } = static _ => null;

    /// <summary>Puts macros into the filter of <c>@LDAP</c>; nothing else has any.</summary>
    public Func<string, string> Expand { get; init; } = static text => text;

    /// <summary>As whom programs run when we are root; null: none can.</summary>
    public string? ProgramUser { get; init; }

    /// <summary>All that a program finds in its environment: the <c>E</c> lines, and <c>AGENT=sendmail</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Longest file or output of a program, in octets. Default 64 MiB; sendmail has no limit.</summary>
    public int MaxOctets { get; init; } = 64 << 20;

    /// <summary>Most words that one line adds. Default a million; sendmail has no limit.</summary>
    public int MaxWords { get; init; } = 1_000_000;

    /// <summary>Longest word, in octets. Default 2047, sendmail's line buffer; a longer one is left out with a warning, sendmail cuts it in pieces.</summary>
    public int MaxWord { get; init; } = 2047;

    /// <summary>How long a program or a map may take. Default 30 s; sendmail waits for ever.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a document's own lines say about it: <c>DontBlameSendmail</c>, <c>DefaultUser</c>, the <c>E</c> lines.</summary>
    /// <param name="expand">Puts macros in.</param>
    public static ClassFileSettings Of(CfDocument document, BindingHost host, Func<string, string> expand)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        foreach (CfEnvironment variable in document.Environment.Where(static variable => variable.Name.Length > 0))
        {
            if ((variable.Value ?? System.Environment.GetEnvironmentVariable(variable.Name)) is { } value) environment[variable.Name] = value;
        }

        MapServices services = new() { Time = TimeProvider.System, HostName = host.HostName, Option = name => document.Option(name)?.Value, BaseDirectory = host.BaseDirectory };
        return new ClassFileSettings
        {
            Trust = PathTrust.OfClassFiles(document.Options.Where(static option => option.Name == "DontBlameSendmail").SelectMany(static option => CfValue.List(option.Value))),
            BaseDirectory = document.IsNative ? host.BaseDirectory : null,
            OpenMap = line => MapTypes.Standard.Open(line, services),
            Expand = expand,
            ProgramUser = DefaultUser.Name(document.Option("DefaultUser")?.Value),
            Environment = environment,
        };
    }
}
