namespace Postrider.Mta.Receiving;

/// <summary>The arguments of a ruleset's call and who caused it, for its log line.</summary>
/// <param name="Argument1">As written by the peer: not yet escaped.</param>
/// <param name="Argument2">Null: there was one.</param>
/// <param name="Relay"><c>client.example.net [192.0.2.1]</c>.</param>
public readonly record struct RulesetCallText(string Argument1, string? Argument2, string Relay);
