namespace Postrider.Smtp.Sasl;

/// <summary>Who may act as whom once the password is proved.</summary>
/// <param name="mayActAs">(authentication identity, authorization identity) → allowed; null: nobody but oneself.</param>
internal sealed class SaslAuthorization(Func<string, string, bool>? mayActAs)
{
    /// <param name="typedName">As the client wrote it, prepared: naming oneself the same way twice is no wish to be another.</param>
    /// <param name="name">As the store spells it.</param>
    public SaslStep Decide(string typedName, string name, string? authorizationId, ReadOnlyMemory<byte> additional)
    {
        string author = name;
        if (!string.IsNullOrEmpty(authorizationId))
        {
            if (SaslPrep.Prepare(authorizationId) is not { Length: > 0 } wanted) return SaslStep.FailureOf("authorization identity with prohibited characters") with { AuthenticationId = name };
            bool self = string.Equals(wanted, name, StringComparison.Ordinal) || string.Equals(wanted, typedName, StringComparison.Ordinal);
            if (!self && mayActAs?.Invoke(name, wanted) != true) return SaslStep.FailureOf("may not act as another") with { AuthenticationId = name };
            if (!self) author = wanted;
        }

        return new SaslStep(SaslOutcome.Success) { AuthenticationId = name, AuthorizationId = author, Data = additional };
    }
}
