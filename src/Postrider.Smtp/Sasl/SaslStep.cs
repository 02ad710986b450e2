namespace Postrider.Smtp.Sasl;

/// <summary>What a server mechanism says after one response.</summary>
public sealed record SaslStep(SaslOutcome Outcome)
{
    /// <summary>For <see cref="SaslOutcome.Challenge"/>: raw octets, may be empty. For Success: additional data that must still be sent as a challenge (RFC 4954 §4: mechanism's final server message), empty when none.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary><c>${auth_authen}</c>: who proved itself. Set on success; on failure who it claimed to be, for the log and as the peer spelt it, so escape it.</summary>
    public string? AuthenticationId { get; init; }

    /// <summary>Who it wants to act as; equal to <see cref="AuthenticationId"/> unless another was asked for and allowed. Set on success.</summary>
    public string? AuthorizationId { get; init; }

    /// <summary>For the operator on failure; never sent, never holds a secret.</summary>
    public string? Reason { get; init; }

    public static SaslStep ChallengeOf(ReadOnlyMemory<byte> data) => new(SaslOutcome.Challenge) { Data = data };

    public static SaslStep FailureOf(string reason) => new(SaslOutcome.Failure) { Reason = reason };
}
