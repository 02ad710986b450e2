using System.Globalization;

namespace Postrider.Sendmail.Cf;

/// <summary>One <c>DaemonPortOptions</c> or <c>ClientPortOptions</c> value.</summary>
/// <remarks>sendmail knows keys by their first letter; so do we, but an unknown word is a warning here (sendmail 8.17, oracle 86: <c>Foo=1</c> silently becomes <c>Family</c>).</remarks>
public sealed record DaemonPortOptions
{
    private static readonly string[] KnownKeys =
    [
        "Addr", "Children", "DeliveryMode", "Family", "InputMailFilters", "Listen", "Modify", "Name", "Port", "ReceiveSize", "RcvBufSize", "SendSize", "SndBufSize",
        "SuperSafe", "delayLA", "queueLA", "refuseLA",
    ];

    /// <summary>The modifier letters that sendmail 8.17 gives a meaning.</summary>
    public const string KnownModifiers = "abcfhrsuACEOS";

    /// <summary>Name of the listener. Null: none was given, sendmail calls it <c>Daemon</c> and its number.</summary>
    public string? Name { get; init; }

    /// <summary>Address or host name to bind; null: any. For family <c>unix</c> the path of the socket.</summary>
    public string? Address { get; init; }

    /// <summary><c>inet</c>, <c>inet6</c> or <c>unix</c>. Default <c>inet</c>.</summary>
    public string Family { get; init; } = "inet";

    /// <summary>Port number or service name as written. Null: 25 (<c>smtp</c>), or with modifier <c>s</c> 465 (<c>smtps</c>).</summary>
    public string? Port { get; init; }

    /// <summary>Modifier letters, without blanks, in the order written.</summary>
    public string Modifiers { get; init; } = "";

    /// <summary>Connections waiting to be accepted. Default 10.</summary>
    public int Listen { get; init; } = 10;

    /// <summary>Most sessions at one time of this listener alone; 0: no limit of its own.</summary>
    public int Children { get; init; }

    /// <summary>Delivery mode of mail received here: <c>i b q d</c>; null: the option's.</summary>
    public char? DeliveryMode { get; init; }

    /// <summary>Milters of this listener, in order; null: those of the option.</summary>
    public IReadOnlyList<string>? InputMailFilters { get; init; }

    /// <summary>Socket receive buffer in octets; 0: the system's default.</summary>
    public int ReceiveSize { get; init; }

    /// <summary>Socket send buffer in octets; 0: the system's default.</summary>
    public int SendSize { get; init; }

    /// <summary>SuperSafe of mail received here; null: the option's.</summary>
    public string? SuperSafe { get; init; }

    /// <summary>Load average at which commands are delayed; null: the option's.</summary>
    public int? DelayLoad { get; init; }

    /// <summary>Load average at which mail is only queued; null: the option's.</summary>
    public int? QueueLoad { get; init; }

    /// <summary>Load average at which connections are refused; null: the option's.</summary>
    public int? RefuseLoad { get; init; }

    /// <summary>Whether this letter is among the modifiers.</summary>
    public bool Has(char modifier) => Modifiers.Contains(modifier, StringComparison.Ordinal);

    /// <summary><c>${daemon_flags}</c>: lower-case letters once, upper-case letters doubled, separated by blanks.</summary>
    public string Flags => string.Join(' ', Modifiers.Select(static c => char.IsAsciiLetterUpper(c) ? $"{c}{c}" : $"{c}"));

    /// <summary>Reads a value; what is wrong or doubtful goes to <paramref name="report"/> as severity, message and remedy.</summary>
    public static DaemonPortOptions Parse(string text, Action<Severity, string, string?> report)
    {
        var options = new DaemonPortOptions();
        foreach ((string key, string? value) in CfValue.Pairs(text))
        {
            string? known = Array.Find(KnownKeys, k => k.Equals(key, StringComparison.OrdinalIgnoreCase) && (char.IsAsciiLetterUpper(k[0]) || k[0] == key[0]));
            // Abbreviations to the first letters are customary: M=, Addr=, R=.
            known ??= Array.Find(KnownKeys, k => k.StartsWith(key, StringComparison.OrdinalIgnoreCase) && k[0] == key[0])
                ?? Array.Find(KnownKeys, k => k.StartsWith(key, StringComparison.OrdinalIgnoreCase));
            if (known is null)
            {
                known = key.Length == 0 ? null : Array.Find(KnownKeys, k => k[0] == key[0]) ?? Array.Find(KnownKeys, k => char.ToUpperInvariant(k[0]) == char.ToUpperInvariant(key[0]));
                if (known is null)
                {
                    report(Severity.Error, $"PortOptions parameter \"{key}{(value is null ? "" : "=" + value)}\" unknown", NameSuggestion.Remedy(key, KnownKeys));
                    continue;
                }
                report(Severity.Warning, $"unknown key `{key}' is taken as {known}, as sendmail does", NameSuggestion.Remedy(key, KnownKeys));
            }
            options = options.With(known, value ?? "", report);
        }
        return options;
    }

    private DaemonPortOptions With(string key, string value, Action<Severity, string, string?> report)
    {
        switch (key)
        {
            case "Addr": return this with { Address = value.Trim('"') };
            case "Family": return this with { Family = FamilyOf(value, report) };
            case "Port": return this with { Port = PortOf(value, report) };
            case "Name": return this with { Name = value.Trim('"') };
            case "Modify": return this with { Modifiers = ModifiersOf(value, report) };
            case "InputMailFilters": return this with { InputMailFilters = value.Split([';', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries) };
            case "SuperSafe": return this with { SuperSafe = value };
            case "DeliveryMode":
                if (value.Length > 0 && "ibqd".Contains(char.ToLowerInvariant(value[0]), StringComparison.Ordinal)) { return this with { DeliveryMode = char.ToLowerInvariant(value[0]) }; }
                report(Severity.Error, $"Unknown delivery mode {value}", null);
                return this;
            default: break;
        }
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            report(Severity.Error, $"{key}={value}: not a number", null);
            return this;
        }
        return key switch
        {
            "Children" => this with { Children = number },
            "Listen" => this with { Listen = number },
            "ReceiveSize" or "RcvBufSize" => this with { ReceiveSize = number },
            "SendSize" or "SndBufSize" => this with { SendSize = number },
            "delayLA" => this with { DelayLoad = number },
            "queueLA" => this with { QueueLoad = number },
            _ => this with { RefuseLoad = number },
        };
    }

    private static string FamilyOf(string value, Action<Severity, string, string?> report)
    {
        switch (value.ToLowerInvariant())
        {
            case "inet" or "inet6": return value.ToLowerInvariant();
            case "unix" or "local": return "unix";
            case "1": return "unix";
            case "2": return "inet";
            case "10": return "inet6";
            default:
                report(Severity.Error, $"Unknown address family {value} in Family=option", NameSuggestion.Remedy(value, ["inet", "inet6", "unix"]));
                return "inet";
        }
    }

    private static string? PortOf(string value, Action<Severity, string, string?> report)
    {
        if (value.Length == 0) { return null; }
        if (value.All(char.IsAsciiDigit) && !ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)) { report(Severity.Error, $"port {value} is above 65535", null); }
        return value;
    }

    private static string ModifiersOf(string value, Action<Severity, string, string?> report)
    {
        string letters = string.Concat(CfText.Words(value));
        foreach (char c in letters)
        {
            if (!KnownModifiers.Contains(c, StringComparison.Ordinal)) { report(Severity.Warning, $"modifier `{c}' has no meaning", null); }
        }
        return letters;
    }
}
