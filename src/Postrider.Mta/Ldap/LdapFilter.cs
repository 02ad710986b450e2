using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using Postrider.Mta.Maps;

namespace Postrider.Mta.Ldap;

/// <summary>
/// A search filter (RFC 4515) with places for a key: <c>%s</c> and <c>%0</c>, and <c>%1</c> to <c>%9</c> for arguments. It is read once, and a key only ever becomes octets of a value:
/// nothing that it holds can be an operator, a parenthesis or an asterisk. Immutable; thread-safe.
/// </summary>
/// <remarks>Differs from sendmail, where <c>%s</c> is pasted as it is (measured: the key <c>*</c> finds everybody) and only <c>%0</c> is quoted.</remarks>
internal sealed class LdapFilter
{
    private readonly LdapFilterNode root;

    internal LdapFilter(LdapFilterNode root) => this.root = root;

    /// <summary>Reads a filter; parentheses around all of it may be missing.</summary>
    /// <param name="takesArguments">Whether <c>%1</c> to <c>%9</c> are places, as with <c>-K</c>; otherwise they are text.</param>
    public static bool TryParse(string text, bool takesArguments, [NotNullWhen(true)] out LdapFilter? filter)
    {
        string trimmed = text.Trim();
        filter = new LdapFilterParser(trimmed.StartsWith('(') ? trimmed : $"({trimmed})", takesArguments).Parse() is { } root ? new LdapFilter(root) : null;
        return filter is not null;
    }

    /// <summary>The filter on the wire (RFC 4511 §4.5.1).</summary>
    public byte[] Encode(string key, IReadOnlyList<string> arguments)
    {
        AsnWriter writer = new(AsnEncodingRules.BER);
        root.Write(writer, place => place == 0 ? AnswerText.Octets(key) : place <= arguments.Count ? AnswerText.Octets(arguments[place - 1]) : []);
        return writer.Encode();
    }
}
