namespace Postrider.Smtp.Server;

/// <summary>Who authenticated on this session.</summary>
/// <param name="Mechanism"><c>${auth_type}</c>.</param>
/// <param name="AuthenticationId"><c>${auth_authen}</c>.</param>
/// <param name="AuthorizationId">Who the client acts as.</param>
public sealed record AuthFacts(string Mechanism, string AuthenticationId, string AuthorizationId);
