using System.Globalization;
using System.Net;

namespace Postrider.Sendmail.Cf;

/// <summary>
/// What sendmail 8.17 says of an option's value (each was asked), and what it takes without a word though it makes no sense: a number that is none, a boolean that is neither.
/// </summary>
internal static class CfOptionCheck
{
    private const int UsageError = 64;

    internal static void Check(CfOption option, CfReport report)
    {
        CfOptionDefinition definition = option.Definition!;
        string value = option.Value;
        switch (definition.Type)
        {
            case CfOptionType.PortOptions:
                DaemonPortOptions.Parse(value, (severity, message, remedy) => PortOption(report, severity, message, remedy));
                return;
            case CfOptionType.List when definition.Words.Count > 0 || option.Name.EndsWith("SSLOptions", StringComparison.Ordinal):
                Words(option, definition, report);
                return;
            case CfOptionType.Interval:
                if (InvalidUnit(value) is { } unit && !definition.TakesNow(value)) { report.Say($"Invalid time unit `{unit}'", definition.Remedy(value)); }
                else if (definition.Problem(value) is { } unreadable) { report.Warn(unreadable, definition.Remedy(value)); }
                return;
        }
        if (ByName(option, report)) { return; }
        // sendmail takes the number that a value begins with, and anything else than true for false: we say so and go on.
        if (definition.Problem(value) is { } problem) { report.Warn(problem, definition.Remedy(value)); }
        else if (definition.OutOfRange(value) is { } range) { report.Warn(range); }
    }

    /// <summary>Whether sendmail has had its say.</summary>
    private static bool ByName(CfOption option, CfReport report)
    {
        string value = option.Value;
        string? remedy = option.Definition!.Remedy(value);
        char first = value.Length > 0 ? value[0] : ' ';
        switch (option.Name)
        {
            case "EightBitMode" when !"pms".Contains(first, StringComparison.Ordinal):
                report.Refuse($"Unknown 8-bit mode {first}", remedy, UsageError);
                return true;
            case "DeliveryMode" when value.Length > 0 && !"biqd".Contains(first, StringComparison.Ordinal):
                report.Refuse($"Unknown delivery mode {first}", remedy, UsageError);
                return true;
            case "QueueSortOrder" when !"phftmrsn".Contains(char.ToLowerInvariant(first), StringComparison.Ordinal):
                report.Refuse($"Invalid queue sort order \"{value}\"", remedy);
                return true;
            case "NoRecipientAction" when !option.Definition.Words.Contains(value, StringComparer.OrdinalIgnoreCase):
                report.Refuse($"Invalid NoRecipientAction: {value}", remedy);
                return true;
            case "ConnectOnlyTo" when !IPAddress.TryParse(value, out _):
                report.Refuse($"readcf: option ConnectOnlyTo: invalid IP address {value}");
                return true;
            case "RunAsUser" or "TrustedUser" when value.Length == 0:
                report.Refuse($"readcf: option {option.Name}: unknown user ");
                return true;
            case "DefaultUser" when value.Length == 0:
                report.Refuse("readcf: option u: unknown user ");
                return true;
            case "AuthOptions":
                Letters(option, "aAcdfmpy", report);
                return true;
            case "TLSSrvOptions":
                Letters(option, "CV", report);
                return true;
            case "MaxHeadersLength" when CfValue.TryInteger(value, out long octets) && octets is > 0 and < 16384:
                report.Grumble("Warning: MaxHeadersLength: headers length limit set lower than 16384");
                return true;
            case "MaxMimeHeaderLength":
                return MimeHeader(value.Split('/', 2), report);
            case "AliasFile":
                Aliases(value, report);
                return true;
            default:
                return false;
        }
    }

    private static bool MimeHeader(string[] parts, CfReport report)
    {
        if (!CfValue.TryInteger(parts[0], out long header)) { return false; }
        long field = parts.Length > 1 && CfValue.TryInteger(parts[1], out long said) ? said : header / 2;
        if (header is > 0 and < 128) { report.Grumble("Warning: MaxMimeHeaderLength: header length limit set lower than 128"); }
        if (field is > 0 and < 40) { report.Grumble("Warning: MaxMimeHeaderLength: field length limit set lower than 40"); }
        return true;
    }

    private static void Letters(CfOption option, string known, CfReport report)
    {
        foreach (char letter in option.Value.Where(c => !known.Contains(c, StringComparison.Ordinal) && c is not (',' or ' ' or '\t')))
        {
            report.Grumble($"Warning: Option: {option.Name} unknown parameter '{letter}'");
        }
    }

    private static void Words(CfOption option, CfOptionDefinition definition, CfReport report)
    {
        bool isSigned = option.Name is "ResolverOptions" or "ServerSSLOptions" or "ClientSSLOptions";
        string form = option.Name switch
        {
            "PrivacyOptions" => "readcf: Op line: {0} unrecognized",
            "DontBlameSendmail" => "readcf: DontBlameSendmail option: {0} unrecognized",
            "ResolverOptions" => "readcf: I option value {0} unrecognized",
            _ => "readcf: " + option.Name + " option value {0} unrecognized",
        };
        foreach (string said in CfValue.List(option.Value))
        {
            string word = isSigned && said[0] is '+' or '-' ? said[1..] : said;
            bool isKnown = definition.Words.Count > 0 ? definition.Words.Contains(word, StringComparer.OrdinalIgnoreCase) : IsSslOption(word);
            if (!isKnown) { report.Refuse(string.Format(CultureInfo.InvariantCulture, form, word), NameSuggestion.Remedy(word, definition.Words)); }
        }
    }

    // The names are those of the library that it was built with; which of them exist is told when they are used.
    private static bool IsSslOption(string word) => word.StartsWith("SSL_OP_", StringComparison.OrdinalIgnoreCase) || (word.Length > 0 && char.IsAsciiDigit(word[0]));

    private static void Aliases(string value, CfReport report)
    {
        foreach (string spec in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string rest = spec.StartsWith('-') ? CfText.BehindWord(spec) : spec;
            int colon = rest.IndexOf(':', StringComparison.Ordinal);
            if (rest.StartsWith('/') || colon <= 0) { continue; }
            string type = rest[..colon].Trim(CfText.Blanks);
            if (!CfMapTypes.Known.Contains(type)) { report.Refuse($"setalias: unknown alias class {type}", NameSuggestion.Remedy(type, CfMapTypes.Known)); }
            else if (!CfMapTypes.HoldAliases.Contains(type)) { report.Refuse($"setalias: map class {type.ToLowerInvariant()} can't handle aliases"); }
        }
    }

    private static void PortOption(CfReport report, Severity severity, string message, string? remedy)
    {
        // Those that sendmail has too; the rest it takes for zero.
        bool isSendmails = message.StartsWith("Unknown ", StringComparison.Ordinal) || message.StartsWith("PortOptions ", StringComparison.Ordinal) || message.StartsWith("service ", StringComparison.Ordinal);
        if (severity == Severity.Error && isSendmails) { report.Refuse(message, remedy); }
        else if (severity == Severity.Error) { report.Reject(message, remedy); }
        else { report.Warn(message, remedy); }
    }

    /// <summary>The first letter of an interval that is no unit; null if all are. As sendmail 8.17 reads: <c>5d 3h</c> has a blank for a unit, capitals are none.</summary>
    internal static char? InvalidUnit(string value)
    {
        for (int i = value.StartsWith('-') ? 1 : 0; i < value.Length; i++)
        {
            if (!char.IsAsciiDigit(value[i]) && !"smhdw".Contains(value[i], StringComparison.Ordinal)) { return value[i]; }
        }
        return null;
    }
}
