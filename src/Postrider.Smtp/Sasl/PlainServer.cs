namespace Postrider.Smtp.Sasl;

/// <summary>PLAIN (RFC 4616): <c>[authzid] NUL authcid NUL passwd</c> in one message.</summary>
internal sealed class PlainServer(IPasswordVerifier verifier, SaslAuthorization authorization) : ISaslServerExchange
{
    private bool asked;

    public string Mechanism => "PLAIN";

    public bool IsServerFirst => false;

    public async ValueTask<SaslStep> NextAsync(ReadOnlyMemory<byte>? response, CancellationToken cancellationToken)
    {
        if (response is not { } message)
        {
            if (asked) return SaslStep.FailureOf("no response");
            asked = true;
            return SaslStep.ChallengeOf(default);
        }

        int first = message.Span.IndexOf((byte)0);
        int second = first < 0 ? -1 : message.Span[(first + 1)..].IndexOf((byte)0);
        if (second < 0) return SaslStep.FailureOf(SaslReason.Protocol(first < 0 ? "Can only find author (no password)" : "Can only find author/en (no password)"));
        // A third NUL falls to SaslText: it decodes nothing that holds one.
        string? authorizationId = SaslText.Decode(message.Span[..first]);
        string? userName = SaslText.Decode(message.Span.Slice(first + 1, second));
        string? password = SaslText.Decode(message.Span[(first + second + 2)..]);
        if (authorizationId is null || userName is null || password is null) return SaslStep.FailureOf("PLAIN message is not UTF-8, or too long");
        return await PasswordCheck.RunAsync(verifier, authorization, authorizationId, userName, password, SaslReason.PasswordDetail, cancellationToken);
    }

    public void Dispose() { }
}
