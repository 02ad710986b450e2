namespace Postrider.Mta.Ldap;

/// <summary>An entry that a search found.</summary>
/// <param name="Attributes">In the server's order. One character of a value is one octet.</param>
internal sealed record LdapEntry(string Dn, IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Attributes)
{
    /// <summary>Whether the entry has the value in the attribute; case does not count.</summary>
    public bool Has(string attribute, string value) => Attributes.Any(found =>
        found.Name.Equals(attribute, StringComparison.OrdinalIgnoreCase) && found.Values.Contains(value, StringComparer.OrdinalIgnoreCase));
}
