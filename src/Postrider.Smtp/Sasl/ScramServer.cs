using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>SCRAM-SHA-256 (RFC 5802, RFC 7677), and with a channel binding SCRAM-SHA-256-PLUS over tls-server-end-point; SCRAM-SHA-1 where the store knows passwords.</summary>
internal sealed class ScramServer : ISaslServerExchange
{
    private const string BindingName = "tls-server-end-point";

    private readonly IScramCredentials credentials;
    private readonly SaslAuthorization authorization;
    private readonly ReadOnlyMemory<byte> binding;
    private readonly bool plus;
    private readonly bool plusOffered;
    private readonly string serverNonce;
    private Phase phase = Phase.Start;
    private string gs2Header = "";
    private string firstBare = "";
    private string serverFirst = "";
    private string nonce = "";
    private string typedName = "";
    private string? authorizationId;
    private ScramCredential? credential;

    /// <param name="mechanism">The name; which hash is used is told by the credentials' keys.</param>
    /// <param name="plus">True: this is -PLUS, and <paramref name="binding"/> must come back.</param>
    /// <param name="plusOffered">Whether -PLUS is offered on this session: then a client that says it would bind, but believes we cannot, was lied to.</param>
    /// <param name="serverNonce">Ours, fresh for each exchange.</param>
    public ScramServer(string mechanism, IScramCredentials credentials, SaslAuthorization authorization, bool plus, bool plusOffered, ReadOnlyMemory<byte> binding, string serverNonce)
    {
        Mechanism = mechanism;
        this.credentials = credentials;
        this.authorization = authorization;
        this.plus = plus;
        this.plusOffered = plusOffered;
        this.binding = binding;
        this.serverNonce = serverNonce;
    }

    private enum Phase { Start, Asked, First, Done }

    public string Mechanism { get; }

    public bool IsServerFirst => false;

    public async ValueTask<SaslStep> NextAsync(ReadOnlyMemory<byte>? response, CancellationToken cancellationToken)
    {
        if (response is not { } octets)
        {
            if (phase != Phase.Start) return Fail("no response");
            phase = Phase.Asked;
            return SaslStep.ChallengeOf(default);
        }

        if (SaslText.Decode(octets.Span) is not { } message) return Fail("SCRAM message is not UTF-8, or too long");
        try
        {
            return phase switch
            {
                Phase.Start or Phase.Asked => await ClientFirstAsync(message, cancellationToken),
                Phase.First => ClientFinal(message),
                _ => Fail("exchange is over"),
            };
        }
        catch (CredentialsUnavailableException e)
        {
            phase = Phase.Done;
            return new SaslStep(SaslOutcome.TemporaryFailure) { Reason = SaslReason.Unavailable(e.Message), AuthenticationId = typedName };
        }
    }

    public void Dispose() => credential = null;

    // client-first-message = gs2-cbind-flag "," [authzid] "," [m=…,] n=name "," r=nonce ["," extensions] (RFC 5802 §7)
    private async ValueTask<SaslStep> ClientFirstAsync(string message, CancellationToken cancellationToken)
    {
        int flagEnd = message.IndexOf(',', StringComparison.Ordinal);
        int headerEnd = flagEnd < 0 ? -1 : message.IndexOf(',', flagEnd + 1);
        if (headerEnd < 0) return Fail("client-first-message without GS2 header");
        gs2Header = message[..(headerEnd + 1)];
        firstBare = message[(headerEnd + 1)..];
        if (BindingFault(message[..flagEnd]) is { } fault) return Fail(fault);

        string authzid = message[(flagEnd + 1)..headerEnd];
        if (authzid.Length > 0)
        {
            authorizationId = authzid.StartsWith("a=", StringComparison.Ordinal) ? ScramMessage.DecodeName(authzid[2..]) : null;
            if (authorizationId is null) return Fail("malformed authorization identity");
        }

        // RFC 5802 §5.1: "m" is reserved and its presence MUST cause failure; standing first, it is not the "n" that is wanted here.
        if (ScramMessage.Attributes(firstBare) is not [{ Key: 'n' } name, { Key: 'r' } clientNonce, ..]) return Fail("malformed client-first-message");
        if (ScramMessage.DecodeName(name.Value) is not { } decoded || SaslPrep.Prepare(decoded) is not { Length: > 0 } user) return Fail("user name empty, malformed, or with prohibited characters");
        if (!ScramMessage.IsNonce(clientNonce.Value)) return Fail("malformed nonce");

        typedName = user;
        credential = await credentials.FindAsync(user, cancellationToken);
        nonce = clientNonce.Value + serverNonce;
        serverFirst = string.Create(CultureInfo.InvariantCulture, $"r={nonce},s={Convert.ToBase64String(credential.Keys.Salt.Span)},i={credential.Keys.Iterations}");
        phase = Phase.First;
        return SaslStep.ChallengeOf(Encoding.UTF8.GetBytes(serverFirst));
    }

    // RFC 5802 §6.
    private string? BindingFault(string flag) => flag switch
    {
        "n" => plus ? "SCRAM-SHA-256-PLUS without channel binding" : null,
        // "If the flag is set to "y" and the server supports channel binding, the server MUST fail authentication": somebody took -PLUS out of our list.
        "y" => plus || plusOffered ? "the client was not shown that channel binding is offered" : null,
        _ when plus && string.Equals(flag, "p=" + BindingName, StringComparison.Ordinal) => null,
        _ => "unsupported channel binding",
    };

    // client-final-message = c=base64 "," r=nonce ["," extensions] ",p=base64"
    private SaslStep ClientFinal(string message)
    {
        phase = Phase.Done;
        ScramKeys keys = credential!.Keys;
        int proofAt = message.LastIndexOf(",p=", StringComparison.Ordinal);
        if (proofAt < 0 || ScramMessage.Attributes(message) is not [{ Key: 'c' } channel, { Key: 'r' } returned, .., { Key: 'p' } proof]) return Fail("malformed client-final-message");
        if (!string.Equals(returned.Value, nonce, StringComparison.Ordinal)) return Fail("nonce does not match");
        byte[] header = Encoding.UTF8.GetBytes(gs2Header);
        byte[] expected = plus ? [.. header, .. binding.Span] : header;
        if (ScramMessage.DecodeBase64(channel.Value, 4096) is not { } bound || !CryptographicOperations.FixedTimeEquals(bound, expected)) return Fail("channel binding does not match");
        if (ScramMessage.DecodeBase64(proof.Value) is not { } clientProof || clientProof.Length != keys.StoredKey.Length) return Fail("malformed proof");

        // RFC 5802 §3: AuthMessage, ClientSignature, ClientKey = ClientProof XOR ClientSignature, H(ClientKey) = StoredKey.
        byte[] authMessage = Encoding.UTF8.GetBytes($"{firstBare},{serverFirst},{message[..proofAt]}");
        byte[] clientKey = CryptographicOperations.HmacData(keys.Hash, keys.StoredKey.Span, authMessage);
        for (int i = 0; i < clientKey.Length; i++) clientKey[i] ^= clientProof[i];
        bool proved = CryptographicOperations.FixedTimeEquals(CryptographicOperations.HashData(keys.Hash, clientKey), keys.StoredKey.Span);
        CryptographicOperations.ZeroMemory(clientKey);
        if (!proved || credential.IsDecoy) return Fail(SaslReason.WrongPassword("no such user, or wrong password"));

        string verifier = "v=" + Convert.ToBase64String(CryptographicOperations.HmacData(keys.Hash, keys.ServerKey.Span, authMessage));
        return authorization.Decide(typedName, credential.UserName, authorizationId, Encoding.UTF8.GetBytes(verifier));
    }

    private SaslStep Fail(string reason)
    {
        phase = Phase.Done;
        return SaslStep.FailureOf(reason) with { AuthenticationId = typedName.Length == 0 ? null : typedName };
    }
}
