using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>CRAM-MD5 (RFC 2195): a challenge, and its HMAC-MD5 under the password. The server never proves itself, and a listener may guess passwords at leisure: it is here because clients have nothing else.</summary>
internal sealed class CramServer : ISaslServerExchange
{
    private readonly ISecretCredentials credentials;
    private readonly SaslAuthorization authorization;
    private readonly byte[] challenge;
    private bool asked;

    /// <param name="unique">Makes the challenge one that was never sent before.</param>
    public CramServer(ISecretCredentials credentials, SaslAuthorization authorization, string unique)
    {
        this.credentials = credentials;
        this.authorization = authorization;
        // RFC 2195 §2: the form of a message id. Oracle 30: <3403498410.54699@mx.oracle.test>
        challenge = Encoding.UTF8.GetBytes($"<{unique}@{credentials.DefaultRealm}>");
    }

    public string Mechanism => "CRAM-MD5";

    public bool IsServerFirst => true;

    /// <summary>Two numbers, the first not to be guessed.</summary>
    public static string Unique(TimeProvider time) =>
        string.Create(CultureInfo.InvariantCulture, $"{new UInt128(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)))}.{time.GetUtcNow().ToUnixTimeSeconds()}");

    public async ValueTask<SaslStep> NextAsync(ReadOnlyMemory<byte>? response, CancellationToken cancellationToken)
    {
        if (!asked)
        {
            asked = true;
            return SaslStep.ChallengeOf(challenge);
        }

        // A name may hold blanks; the digest has none.
        if (response is not { } octets || SaslText.Decode(octets.Span) is not { } text || text.LastIndexOf(' ') is not (> 0 and var blank)) return SaslStep.FailureOf(SaslReason.Protocol("need authentication name"));
        string user = text[..blank];
        byte[] shown = new byte[MD5.HashSizeInBytes];
        if (text.Length - blank - 1 != shown.Length * 2 || Convert.FromHexString(text.AsSpan(blank + 1), shown, out _, out _) != System.Buffers.OperationStatus.Done)
            return SaslStep.FailureOf(SaslReason.WrongPassword("incorrect digest response")) with { AuthenticationId = user };
        try
        {
            string? password = await credentials.FindAsync(user, realm: null, cancellationToken);
            bool proved = Proves(password, shown);
            if (password is null) return SaslStep.FailureOf(SaslReason.NoUser("no secret in database")) with { AuthenticationId = user };
            return proved
                ? authorization.Decide(user, user, authorizationId: null, additional: default)
                : SaslStep.FailureOf(SaslReason.WrongPassword("incorrect digest response")) with { AuthenticationId = user };
        }
        catch (CredentialsUnavailableException e)
        {
            return new SaslStep(SaslOutcome.TemporaryFailure) { Reason = SaslReason.Unavailable(e.Message), AuthenticationId = user };
        }
    }

    public void Dispose() { }

    // A user who does not exist costs the same, and an empty password opens nothing.
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "RFC 2195 is HMAC-MD5.")]
    private bool Proves(string? password, ReadOnlySpan<byte> shown)
    {
        byte[] key = Encoding.UTF8.GetBytes(password ?? "nobody");
        byte[] expected = HMACMD5.HashData(key, challenge);
        CryptographicOperations.ZeroMemory(key);
        return CryptographicOperations.FixedTimeEquals(expected, shown) & !string.IsNullOrEmpty(password);
    }
}
