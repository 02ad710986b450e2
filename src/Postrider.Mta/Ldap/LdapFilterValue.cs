namespace Postrider.Mta.Ldap;

/// <summary>A value in a filter: octets, and places that are filled for each search.</summary>
/// <param name="Parts">Octets, or else the number of a place: 0 the key, 1 to 9 arguments.</param>
internal sealed record LdapFilterValue(IReadOnlyList<(byte[]? Octets, int Place)> Parts)
{
    public byte[] Fill(Func<int, byte[]> place) => [.. Parts.SelectMany(part => part.Octets ?? place(part.Place))];
}
