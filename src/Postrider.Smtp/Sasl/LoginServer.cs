namespace Postrider.Smtp.Sasl;

/// <summary>LOGIN: no standard (draft-murchison-sasl-login), two prompts. An initial response is the user name, as in sendmail (oracle 31).</summary>
internal sealed class LoginServer(IPasswordVerifier verifier, SaslAuthorization authorization) : ISaslServerExchange
{
    // oracle 31: 334 VXNlcm5hbWU6, 334 UGFzc3dvcmQ6. Clients compare these words.
    private static readonly byte[] UserNamePrompt = "Username:"u8.ToArray();
    private static readonly byte[] PasswordPrompt = "Password:"u8.ToArray();

    private bool asked;
    private string? userName;

    public string Mechanism => "LOGIN";

    public bool IsServerFirst => false;

    public async ValueTask<SaslStep> NextAsync(ReadOnlyMemory<byte>? response, CancellationToken cancellationToken)
    {
        if (response is not { } message)
        {
            if (asked) return SaslStep.FailureOf("no response");
            asked = true;
            return SaslStep.ChallengeOf(UserNamePrompt);
        }

        asked = true;
        if (SaslText.Decode(message.Span) is not { } text) return SaslStep.FailureOf("LOGIN response is not UTF-8, or too long");
        if (userName is null)
        {
            userName = text;
            return SaslStep.ChallengeOf(PasswordPrompt);
        }

        return await PasswordCheck.RunAsync(verifier, authorization, authorizationId: null, userName, text, "checkpass failed", cancellationToken);
    }

    public void Dispose() { }
}
