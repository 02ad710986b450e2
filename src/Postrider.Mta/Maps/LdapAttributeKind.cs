namespace Postrider.Mta.Maps;

/// <summary>What the values of an attribute are to an <c>ldap</c> map.</summary>
internal enum LdapAttributeKind
{
    /// <summary>Answers.</summary>
    Normal,

    /// <summary>Names of entries, whose attributes are the answers.</summary>
    Dn,

    /// <summary>Filters, which find the answers.</summary>
    Filter,

    /// <summary>LDAP URLs, which find the answers.</summary>
    Url,
}
