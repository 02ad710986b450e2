namespace Postrider.Mta.Maps;

/// <summary>No server of an <c>ldap</c> map could be connected to and bound. Try again later; the message says what the last one did.</summary>
public sealed class LdapUnavailableException(string message) : Exception(message);
