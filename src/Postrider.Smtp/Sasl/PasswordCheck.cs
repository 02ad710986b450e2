namespace Postrider.Smtp.Sasl;

/// <summary>The end of every exchange that shows the password itself: prepare, check, decide who may act as whom.</summary>
internal static class PasswordCheck
{
    /// <param name="detail">What the log says of a password that is wrong.</param>
    public static async ValueTask<SaslStep> RunAsync(
        IPasswordVerifier verifier, SaslAuthorization authorization, string? authorizationId, string userName, string password, string detail, CancellationToken cancellationToken)
    {
        string? user = SaslPrep.Prepare(userName);
        string? secret = SaslPrep.Prepare(password);
        if (string.IsNullOrEmpty(user)) return SaslStep.FailureOf("user name empty or with prohibited characters");
        // An empty password always fails, and before any store is asked: an LDAP server takes it as an anonymous bind, which succeeds.
        if (string.IsNullOrEmpty(secret)) return SaslStep.FailureOf("password empty or with prohibited characters") with { AuthenticationId = user };
        try
        {
            string? name = await verifier.VerifyAsync(user, secret, cancellationToken);
            return name is null
                ? SaslStep.FailureOf(SaslReason.WrongPassword(detail)) with { AuthenticationId = user }
                : authorization.Decide(user, name, authorizationId, additional: default);
        }
        catch (CredentialsUnavailableException e)
        {
            return new SaslStep(SaslOutcome.TemporaryFailure) { Reason = SaslReason.Unavailable(e.Message), AuthenticationId = user };
        }
    }
}
