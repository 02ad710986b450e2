namespace Postrider.Smtp.Sasl;

/// <summary>A user's entry for SCRAM.</summary>
/// <param name="UserName">As the store spells it: this becomes <c>${auth_authen}</c>, whatever the client typed.</param>
/// <param name="IsDecoy">True: there is no such user. The keys cost as much to check as real ones, their salt is the same each time, and nothing matches them; so that the exchange does not tell who exists.</param>
public sealed record ScramCredential(string UserName, ScramKeys Keys, bool IsDecoy = false);
