namespace Postrider.Mta.Ldap;

/// <summary>When alias entries are followed (RFC 4511 §4.5.1.3).</summary>
public enum LdapDereference
{
    Never = 0,
    Search = 1,
    Find = 2,
    Always = 3,
}
