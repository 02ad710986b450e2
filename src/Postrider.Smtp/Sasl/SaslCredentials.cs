namespace Postrider.Smtp.Sasl;

/// <summary>What we log in elsewhere with.</summary>
/// <param name="AuthorizationId">Who to act as; null or empty: whoever <paramref name="UserName"/> is. Not said by LOGIN.</param>
public sealed record SaslCredentials(string UserName, string Password, string? AuthorizationId = null)
{
    /// <summary>Without the password: records print themselves into logs.</summary>
    public override string ToString() => $"{UserName} acting as {AuthorizationId ?? UserName}";
}
