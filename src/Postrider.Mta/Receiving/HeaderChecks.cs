using System.Globalization;
using System.Text;
using Postrider.Mail.Headers;
using Postrider.Mta.Policy;
using Postrider.Mta.Rules;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Receiving;

/// <summary>The rulesets that H lines name (<c>HSubject: $>CheckSubject</c>, <c>H*: $>+CheckAny</c>), each asked about its fields in their order. sendmail 8.17, oracle 07.</summary>
internal static class HeaderChecks
{
    /// <summary>Every check that a header section calls for.</summary>
    /// <returns>The ruleset, its argument, and the field's name.</returns>
    public static IEnumerable<(string Ruleset, RulesetArgument Argument, string Field)> Of(SiteRules rules, HeaderSection section)
    {
        if (rules.HeaderChecks.Count == 0) yield break;
        foreach (HeaderField field in section)
        {
            string name = field.Name;
            if (!rules.HeaderChecks.TryGetValue(name, out CfHeader? check) && !rules.HeaderChecks.TryGetValue("*", out check)) continue;
            string value = Value(field);
            // sendmail 8.17: what cannot be taken apart (a word of more than 256 octets, a value of more than 1251) is not checked.
            if (rules.Tokenizer.Tokenize(value, keepComments: check.KeepComments).Tokens.Count == 0 && !string.IsNullOrWhiteSpace(value)) continue;
            yield return (check.Ruleset!, new RulesetArgument(value, KeepsComments: check.KeepComments), name);
        }
    }

    /// <summary><c>${hdr_name}</c>, <c>${currHeader}</c>, <c>${hdrlen}</c> while a field is checked.</summary>
    public static void Announce(IMacroSource macros, string field, string value)
    {
        macros.Set("hdr_name", field);
        macros.Set("currHeader", value);
        macros.Set("hdrlen", value.Length.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>One char per octet, the blank behind the colon kept; the line end of a fold and its blank are two blanks.</summary>
    private static string Value(HeaderField field)
    {
        string raw = Encoding.Latin1.GetString(field.RawValue.Span);
        if (raw.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0) return raw;
        StringBuilder value = new(raw.Length);
        foreach (char c in raw)
        {
            if (c != '\r') value.Append(c < ' ' ? ' ' : c);
        }

        return value.ToString();
    }
}
