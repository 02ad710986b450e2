using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>DIGEST-MD5 (RFC 2831) with qop=auth: no security layer, the server proves in the end that it knows the password too. Historic since RFC 6331; here because sites have it.</summary>
/// <remarks>Differs from sendmail: auth-int and auth-conf are not offered (oracle 30 shows them), which no SMTP client asks for where TLS is to be had.</remarks>
internal sealed class DigestServer : ISaslServerExchange
{
    private readonly ISecretCredentials credentials;
    private readonly SaslAuthorization authorization;
    private readonly string nonce;
    private readonly string service;
    private bool asked;
    private bool over;

    /// <param name="nonce">Ours, fresh for each exchange: a response is good for one exchange only, so that none can be sent twice.</param>
    /// <param name="service">What the client must want to log in to.</param>
    public DigestServer(ISecretCredentials credentials, SaslAuthorization authorization, string nonce, string service = "smtp")
    {
        this.service = service;
        this.credentials = credentials;
        this.authorization = authorization;
        this.nonce = nonce;
    }

    public string Mechanism => "DIGEST-MD5";

    public bool IsServerFirst => false;

    public async ValueTask<SaslStep> NextAsync(ReadOnlyMemory<byte>? response, CancellationToken cancellationToken)
    {
        if (!asked)
        {
            asked = true;
            // RFC 2831 §2.2: who answers before being asked holds a nonce of an earlier exchange. None is kept: it is stale, and here is a new one.
            return SaslStep.ChallengeOf(Challenge(isStale: response is not null));
        }

        if (over || response is not { } octets) return Fail(SaslReason.Protocol("no response"));
        over = true;
        if (DigestDirectives.Parse(octets.Span) is not { } said || Field(said, "username") is not { Length: > 0 } || Field(said, "cnonce") is not { Length: > 0 }
            || Field(said, "digest-uri") is not { Length: > 0 } || Field(said, "response") is not { } proof) return Fail(SaslReason.Protocol("required parameters missing"));
        if (Text(said, "username") is not { } user || Text(said, "realm") is not { } realm) return Fail(SaslReason.Protocol("username or realm is not of its character set"));
        try
        {
            return await DecideAsync(said, proof, user, realm, cancellationToken);
        }
        catch (CredentialsUnavailableException e)
        {
            return new SaslStep(SaslOutcome.TemporaryFailure) { Reason = SaslReason.Unavailable(e.Message), AuthenticationId = user };
        }
    }

    public void Dispose() { }

    // Oracle 30: nonce, realm, qop, charset, algorithm, in this order.
    private byte[] Challenge(bool isStale) =>
        Encoding.UTF8.GetBytes($"nonce=\"{nonce}\",realm=\"{Quoted(credentials.DefaultRealm)}\",qop=\"auth\",{(isStale ? "stale=true," : "")}charset=utf-8,algorithm=md5-sess");

    private async ValueTask<SaslStep> DecideAsync(Dictionary<string, string> said, string proof, string user, string realm, CancellationToken cancellationToken)
    {
        // RFC 2831 §2.1.2, each directive with what it must be. Realm: empty or absent is the default one (oracle 30).
        string identity = realm.Length == 0 || string.Equals(realm, credentials.DefaultRealm, StringComparison.Ordinal) ? user : $"{user}@{realm}";
        string? fault = Field(said, "nonce") != nonce ? "nonce changed: authentication aborted"
            : Field(said, "nc") != "00000001" ? "incorrect nonce-count: authentication aborted"
            : (Field(said, "qop") ?? "auth") != "auth" ? "protocol violation: client requested a layer that was not offered"
            : (Field(said, "charset") ?? "utf-8") != "utf-8" ? "protocol violation: charset"
            : !said["digest-uri"].StartsWith(service + "/", StringComparison.OrdinalIgnoreCase) ? "digest-uri is not of this service"
            : null;
        if (fault is not null) return Fail(SaslReason.WrongPassword(fault), identity);

        string? password = await credentials.FindAsync(user, realm.Length == 0 ? null : realm, cancellationToken);
        byte[] session = SessionKey(said, user, realm, password ?? "nobody");
        byte[] expected = Encoding.ASCII.GetBytes(Response(said, session, "AUTHENTICATE:"));
        // The hexadecimal digits are lower case (§2.1.2); some clients write them upper case.
        bool proved = CryptographicOperations.FixedTimeEquals(Encoding.Latin1.GetBytes(proof.ToLowerInvariant()), expected);
        if (string.IsNullOrEmpty(password)) return Fail(SaslReason.NoUser("no secret in database"), identity);
        if (!proved) return Fail(SaslReason.WrongPassword("client response doesn't match what we generated"), identity);
        string? authorizationId = Text(said, "authzid") is { Length: > 0 } wanted ? wanted : null;
        return authorization.Decide(user, identity, authorizationId, Encoding.ASCII.GetBytes("rspauth=" + Response(said, session, ":")));
    }

    // §2.1.2.1: A1 = { H( { username-value, ":", realm-value, ":", passwd } ), ":", nonce-value, ":", cnonce-value [, ":", authzid-value ] }
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "RFC 2831 is MD5.")]
    private byte[] SessionKey(Dictionary<string, string> said, string user, string realm, string password)
    {
        byte[] secret = [.. Hashed(user), (byte)':', .. Hashed(realm), (byte)':', .. Hashed(password)];
        byte[] rest = Encoding.Latin1.GetBytes($":{nonce}:{said["cnonce"]}{(said.TryGetValue("authzid", out string? authzid) ? ":" + authzid : "")}");
        byte[] first = [.. MD5.HashData(secret), .. rest];
        CryptographicOperations.ZeroMemory(secret);
        return MD5.HashData(first);
    }

    // response-value = HEX( KD( HEX(H(A1)), { nonce-value, ":" nc-value, ":", cnonce-value, ":", qop-value, ":", HEX(H(A2)) } ) )
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "RFC 2831 is MD5.")]
    private string Response(Dictionary<string, string> said, byte[] session, string method)
    {
        string second = Hex(MD5.HashData(Encoding.Latin1.GetBytes(method + said["digest-uri"])));
        return Hex(MD5.HashData(Encoding.Latin1.GetBytes($"{Hex(session)}:{nonce}:00000001:{said["cnonce"]}:auth:{second}")));
    }

    // §2.1.2.1: what ISO 8859-1 can say is hashed in it, even under charset=utf-8.
    private static byte[] Hashed(string text) => text.All(static c => c <= '\xff') ? Encoding.Latin1.GetBytes(text) : Encoding.UTF8.GetBytes(text);

    private static string Hex(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(octets);

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string? Field(Dictionary<string, string> said, string name) => said.GetValueOrDefault(name);

    /// <summary>A value as text: in UTF-8 if the client says so, else in ISO 8859-1. Empty if it is not said; null if it is none, or too long.</summary>
    private static string? Text(Dictionary<string, string> said, string name)
    {
        string octets = said.GetValueOrDefault(name) ?? "";
        if (octets.Length > SaslText.MaxOctets) return null;
        return said.ContainsKey("charset") ? SaslText.Decode(Encoding.Latin1.GetBytes(octets)) : octets;
    }

    private SaslStep Fail(string reason, string? identity = null)
    {
        over = true;
        return SaslStep.FailureOf(reason) with { AuthenticationId = identity };
    }
}
