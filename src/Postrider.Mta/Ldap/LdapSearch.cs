namespace Postrider.Mta.Ldap;

/// <summary>A search (RFC 4511 §4.5.1).</summary>
/// <param name="BaseDn">Where it begins; empty: at the root.</param>
/// <param name="Filter">As <see cref="LdapFilter"/> encodes it.</param>
/// <param name="Attributes">What is wanted of an entry; empty: all user attributes.</param>
internal sealed record LdapSearch(string BaseDn, LdapScope Scope, byte[] Filter, IReadOnlyList<string> Attributes)
{
    public LdapDereference Dereference { get; init; }

    /// <summary>Most entries wanted; 0: as many as the server gives.</summary>
    public int SizeLimit { get; init; }

    /// <summary>Seconds that the server may take; 0: its own limit.</summary>
    public int TimeLimit { get; init; }

    /// <summary>Names of attributes only, no values.</summary>
    public bool TypesOnly { get; init; }
}
