using System.Globalization;

namespace Postrider.Sendmail.Cf;

/// <summary>One option of sendmail 8.17: what the table knows of it.</summary>
/// <param name="Name">Full name; a sub-name behind a dot.</param>
/// <param name="Type">How its value is read.</param>
/// <param name="Default">What the program does when the option is not given, written as a value; null: nothing, or found out from the system.</param>
public sealed record CfOptionDefinition(string Name, CfOptionType Type, string? Default = null)
{
    /// <summary>Its old one-letter name, or null.</summary>
    public char? Letter { get; init; }

    /// <summary>Unit of a bare number, for intervals: <c>s m h d w</c>.</summary>
    public char Unit { get; init; } = 's';

    /// <summary>The words known, for lists and choices; empty: any.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Given several times, each adds to the others instead of replacing them.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The least number that makes sense, for integers. Default 0.</summary>
    public long Least { get; init; }

    /// <summary>The greatest number that makes sense, for integers. Default what 32 bits hold, as in sendmail.</summary>
    public long Greatest { get; init; } = int.MaxValue;

    /// <summary>Whether a value says "at once" instead of a time. sendmail 8.17: <c>O Timeout.queuereturn=now</c>.</summary>
    public bool TakesNow(string value) =>
        Name.StartsWith("Timeout.queue", StringComparison.Ordinal) && value.Equals("now", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why a number cannot be meant so; null if it can, or is none. sendmail takes it as it is.</summary>
    public string? OutOfRange(string value) =>
        Type == CfOptionType.Integer && CfValue.TryInteger(value, out long number) && (number < Least || number > Greatest)
            ? string.Create(CultureInfo.InvariantCulture, $"option {Name}: {number} is not between {Least} and {Greatest}") : null;

    /// <summary>What is wrong with a value, in sendmail's words where it has some; null if it can be read.</summary>
    public string? Problem(string value) => Type switch
    {
        CfOptionType.Boolean => CfValue.TryBoolean(value, out _) ? null : $"option {Name}: `{value}' is neither true nor false",
        CfOptionType.Integer => CfValue.TryInteger(value, out _) ? null : $"option {Name}: `{value}' is not a number",
        CfOptionType.Octal => CfValue.TryOctal(value, out _) ? null : $"option {Name}: `{value}' is not an octal mode",
        CfOptionType.Interval => CfValue.TryInterval(value, Unit, out _) || TakesNow(value) ? null : $"option {Name}: `{value}' is not a time",
        CfOptionType.Choice => Words.Count == 0 || value.Length > 0 && Words.Any(w => w[0] == char.ToLowerInvariant(value[0]))
            ? null : $"option {Name}: `{value}' is none of {string.Join(", ", Words)}",
        CfOptionType.List when Words.Count > 0 => UnknownWord(value),
        _ => null,
    };

    /// <summary>What to write instead, for a value with a problem; null if nothing can be said.</summary>
    public string? Remedy(string value)
    {
        if (Type == CfOptionType.List && Words.Count > 0)
        {
            string? unknown = CfValue.List(value).FirstOrDefault(w => !Words.Contains(w, StringComparer.OrdinalIgnoreCase));
            return unknown is null ? null : NameSuggestion.Remedy(unknown, Words);
        }
        return Type switch
        {
            CfOptionType.Boolean => "write True or False",
            CfOptionType.Interval => $"write a time such as 30s, 5m, 2h30m or 5d; a bare number counts in `{Unit}'",
            CfOptionType.Octal => "write a mode such as 0600",
            CfOptionType.Choice => NameSuggestion.Remedy(value, Words),
            _ => null,
        };
    }

    private string? UnknownWord(string value)
    {
        foreach (string word in CfValue.List(value))
        {
            if (Words.Contains(word, StringComparer.OrdinalIgnoreCase)) { continue; }
            // sendmail 8.17, oracle 86.
            return Name switch
            {
                "PrivacyOptions" => $"readcf: Op line: {word} unrecognized",
                "DontBlameSendmail" => $"readcf: DontBlameSendmail option: {word} unrecognized",
                _ => $"readcf: {Name} option value {word} unrecognized",
            };
        }
        return null;
    }
}
