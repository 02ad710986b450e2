namespace Postrider.Mta.Maps;

/// <summary>An attribute that an <c>ldap</c> map wants: <c>name:TYPE:class|class</c>.</summary>
/// <param name="Kind">What its values are.</param>
/// <param name="Classes">Object classes of which an entry must have one for its values to be followed; empty: any entry.</param>
internal sealed record LdapAttribute(string Name, LdapAttributeKind Kind, IReadOnlyList<string> Classes)
{
    /// <summary>Reads the list of <c>-v</c>.</summary>
    /// <exception cref="FormatException">A type that nobody knows; or there are only names to follow.</exception>
    public static IReadOnlyList<LdapAttribute> ParseList(string list, string map)
    {
        List<LdapAttribute> attributes = [];
        foreach (string item in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] words = item.Split(':', 3);
            LdapAttributeKind kind = LdapAttributeKind.Normal;
            if (words.Length > 1 && (!Enum.TryParse(words[1], ignoreCase: true, out kind) || char.IsAsciiDigit(words[1][0]))) throw new FormatException($"Unknown attribute type ({words[1]}) in {map}");
            attributes.Add(new LdapAttribute(words[0], kind, words.Length > 2 ? words[2].Split('|', StringSplitOptions.RemoveEmptyEntries) : []));
        }

        if (attributes.Count > 0 && attributes.All(static attribute => attribute.Kind != LdapAttributeKind.Normal)) throw new FormatException($"LDAP recursion requested in {map} but no returnable attribute given");
        return attributes;
    }
}
