namespace Postrider.Sendmail.Maps;

/// <summary>Type, flags and argument of a map, as in <c>hash -o /etc/mail/access</c> or <c>text:/etc/mail/mailboxes</c>.</summary>
/// <param name="Type">The map class, in lower case.</param>
/// <param name="Flags">What was given with hyphens.</param>
/// <param name="Argument">The rest, mostly a file name; empty if there is none.</param>
public sealed record MapSpec(string Type, MapFlags Flags, string Argument)
{
    // Letters that take a value, joined to the letter or as the next word (-k takes one either way). Reference §4.
    private const string ValueFlags = "aTkvzSdBlRrsbhpPMHVLZ@Fc";

    // These have their value at once, possibly none.
    private const string JoinedFlags = "aTSzd";

    // sendmail 8.17, measured: ldap reads its line itself. -R and -K stand alone there, -d is a name like any other.
    private const string LdapValueFlags = "aTkvzSdbhpPMHVlrswcxZ";

    private const string LdapJoinedFlags = "aTSzV";

    /// <summary>
    /// Reads either form. A text without a type (a bare file name) gets <paramref name="defaultType"/>. Null if there is nothing to read.
    /// </summary>
    public static MapSpec? Parse(string text, string defaultType = "hash")
    {
        string rest = text.Trim();
        if (rest.Length == 0) { return null; }
        int end = rest.IndexOfAny([' ', '\t', ':']);
        string type = end < 0 ? rest : rest[..end];
        if (rest[0] == '/' || rest[0] == '-' || type.Length == 0 || !type.All(char.IsAsciiLetterOrDigit)) { return OfType(defaultType, rest); }
        return end < 0 ? new MapSpec(type.ToLowerInvariant(), MapFlags.None, "") : OfType(type, rest[(end + 1)..]);
    }

    /// <summary>Reads what follows the type: the third part of a <c>K</c> line.</summary>
    public static MapSpec OfType(string type, string arguments)
    {
        var flags = new Dictionary<char, string>();
        bool isLdap = type.Equals("ldap", StringComparison.OrdinalIgnoreCase);
        string taking = isLdap ? LdapValueFlags : ValueFlags;
        string joined = isLdap ? LdapJoinedFlags : JoinedFlags;
        int at = 0;
        while (true)
        {
            while (at < arguments.Length && arguments[at] is ' ' or '\t') { at++; }
            if (at + 1 >= arguments.Length || arguments[at] != '-') { break; }
            char flag = arguments[at + 1];
            at += 2;
            if (!taking.Contains(flag, StringComparison.Ordinal))
            {
                flags[flag] = "";
                while (at < arguments.Length && arguments[at] is not (' ' or '\t')) { at++; }
                continue;
            }
            if (!joined.Contains(flag, StringComparison.Ordinal)) { while (at < arguments.Length && arguments[at] is ' ' or '\t') { at++; } }
            flags[flag] = Value(arguments, ref at);
        }
        return new MapSpec(type.ToLowerInvariant(), new MapFlags(flags), arguments[at..].Trim());
    }

    private static string Value(string text, ref int at)
    {
        if (at < text.Length && text[at] == '"')
        {
            int close = text.IndexOf('"', at + 1);
            if (close > 0)
            {
                string quoted = text[(at + 1)..close];
                at = close + 1;
                return quoted;
            }
        }
        int from = at;
        while (at < text.Length && text[at] is not (' ' or '\t')) { at++; }
        return text[from..at];
    }
}
