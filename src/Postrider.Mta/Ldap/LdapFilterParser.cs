using System.Globalization;
using Postrider.Mta.Maps;

namespace Postrider.Mta.Ldap;

/// <summary>Reads the text of a filter (RFC 4515 §3). Null for what is none.</summary>
internal sealed class LdapFilterParser(string text, bool takesArguments)
{
    /// <summary>Deepest nesting. Ours.</summary>
    private const int MaxDepth = 32;

    private int at;

    public LdapFilterNode? Parse()
    {
        LdapFilterNode? node = ParseNode(0);
        return node is not null && at == text.Length ? node : null;
    }

    private LdapFilterNode? ParseNode(int depth)
    {
        if (depth > MaxDepth || !Take('(')) return null;
        SkipBlanks();
        int choice = at == text.Length ? -1 : text[at] switch { '&' => LdapFilterNode.And, '|' => LdapFilterNode.Or, '!' => LdapFilterNode.Not, _ => -1 };
        if (choice < 0) return ParseItem() is { } item && Take(')') ? item : null;

        at++;
        List<LdapFilterNode> children = [];
        for (SkipBlanks(); at < text.Length && text[at] == '('; SkipBlanks())
        {
            if (ParseNode(depth + 1) is not { } child) return null;
            children.Add(child);
        }

        bool isComplete = choice == LdapFilterNode.Not ? children.Count == 1 : children.Count > 0;
        return isComplete && Take(')') ? new LdapFilterNode(choice) { Children = children } : null;
    }

    private LdapFilterNode? ParseItem()
    {
        int equals = text.IndexOf('=', at);
        if (equals <= at) return null;
        int choice = text[equals - 1] switch
        {
            '>' => LdapFilterNode.GreaterOrEqual,
            '<' => LdapFilterNode.LessOrEqual,
            '~' => LdapFilterNode.Approximate,
            ':' => LdapFilterNode.Extensible,
            _ => LdapFilterNode.Equal,
        };
        string left = text[at..(choice == LdapFilterNode.Equal ? equals : equals - 1)].Trim();
        at = equals + 1;
        if (ParseValues() is not { } values) return null;
        if (choice == LdapFilterNode.Extensible) return ParseExtensible(left, values);
        if (!IsDescription(left) || (values.Count > 1 && choice != LdapFilterNode.Equal)) return null;
        bool isPresent = values.Count == 2 && values.All(static value => value.Parts.Count == 0);
        return new LdapFilterNode(isPresent ? LdapFilterNode.Present : values.Count > 1 ? LdapFilterNode.Substrings : choice) { Attribute = left, Values = values };
    }

    /// <summary><c>attribute:dn:rule</c>, each of which may be missing.</summary>
    private static LdapFilterNode? ParseExtensible(string left, List<LdapFilterValue> values)
    {
        List<string> words = [.. left.Split(':')];
        bool ofName = words.RemoveAll(static word => word.Equals("dn", StringComparison.OrdinalIgnoreCase)) == 1;
        string rule = words.Count > 1 ? words[1] : "";
        bool isValid = words.Count is 1 or 2 && values.Count == 1 && words[0].Length + rule.Length > 0 && (words[0].Length == 0 || IsDescription(words[0])) && (rule.Length == 0 || IsDescription(rule));
        return isValid ? new LdapFilterNode(LdapFilterNode.Extensible) { Attribute = words[0], Rule = rule, OfName = ofName, Values = values } : null;
    }

    /// <summary>Up to the closing parenthesis; asterisks part it. <c>\2a</c> is the octet.</summary>
    private List<LdapFilterValue>? ParseValues()
    {
        List<LdapFilterValue> values = [];
        List<(byte[]? Octets, int Place)> parts = [];
        for (; at < text.Length && text[at] is not ')'; at++)
        {
            char c = text[at];
            if (c == '(') return null;
            if (c == '*')
            {
                values.Add(new LdapFilterValue(parts));
                parts = [];
            }
            else if (c == '\\')
            {
                if (at + 2 >= text.Length || !byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet)) return null;
                parts.Add(([octet], 0));
                at += 2;
            }
            else if (c == '%' && at + 1 < text.Length && Place(text[at + 1]) is { } place)
            {
                parts.Add(place < 0 ? ("%"u8.ToArray(), 0) : (null, place));
                at++;
            }
            else
            {
                parts.Add((AnswerText.Octets(c.ToString()), 0));
            }
        }

        values.Add(new LdapFilterValue(parts));
        return values;
    }

    /// <summary>What stands behind a percent sign: the number of a place; -1: a percent sign; null: nothing special.</summary>
    private int? Place(char letter) => letter switch
    {
        's' or '0' => 0,
        '%' => -1,
        >= '1' and <= '9' when takesArguments => letter - '0',
        _ => null,
    };

    // RFC 4512 §2.5: letters, digits, hyphens, the dots of an OID, the semicolons of options.
    private static bool IsDescription(string word) => word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ';' or '_');

    private bool Take(char c)
    {
        SkipBlanks();
        if (at == text.Length || text[at] != c) return false;
        at++;
        return true;
    }

    private void SkipBlanks()
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
    }
}
