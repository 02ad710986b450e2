using System.Collections.Immutable;
using System.Security.Cryptography;
using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Sasl;

/// <summary>The mechanisms that the given stores can serve. Thread-safe.</summary>
/// <remarks>Listed strongest first: many clients take the first that they know. sendmail lists in the order in which SASL loaded its plug-ins (oracle 30), which says nothing.</remarks>
public sealed class SaslServer : ISaslServer
{
    private static readonly ImmutableArray<string> Defaults = ["SCRAM-SHA-256", "LOGIN", "PLAIN"];
    private static readonly ImmutableArray<string> Strength = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "LOGIN", "PLAIN"];

    private readonly IScramCredentials? scram;
    private readonly IPasswordVerifier? passwords;
    private readonly SaslAuthorization authorization;
    private readonly ImmutableArray<string> inClear;
    private readonly ImmutableArray<string> underTls;
    private readonly ImmutableArray<string> bound;

    /// <param name="scram">Serves SCRAM; null: none does.</param>
    /// <param name="passwords">Serves PLAIN and LOGIN; null: none does. For a store of SCRAM keys: <see cref="ScramPasswordVerifier"/>.</param>
    public SaslServer(SaslServerSettings settings, IScramCredentials? scram, IPasswordVerifier? passwords)
    {
        this.scram = scram;
        this.passwords = passwords;
        authorization = new SaslAuthorization(settings.MayActAs);
        ImmutableArray<string> wanted = settings.Mechanisms.IsDefaultOrEmpty ? Defaults : settings.Mechanisms;
        bound = [.. Strength.Where(m => wanted.Contains(m, StringComparer.OrdinalIgnoreCase) && (IsScram(m) ? scram is not null : passwords is not null))];
        underTls = bound.Remove("SCRAM-SHA-256-PLUS", StringComparer.Ordinal);
        inClear = settings.PlainInClear ? underTls : [.. underTls.Where(IsScram)];
    }

    public IReadOnlyList<string> MechanismsFor(TlsFacts? tls) => Offered(tls);

    public ISaslServerExchange? Begin(string mechanism, TlsFacts? tls)
    {
        ImmutableArray<string> offered = Offered(tls);
        // RFC 4422 §3.1: names are upper case; AUTH arguments are compared without case, as sendmail does (oracle 31: "AUTH plain").
        string? name = offered.FirstOrDefault(m => string.Equals(m, mechanism, StringComparison.OrdinalIgnoreCase));
        return name switch
        {
            null => null,
            "PLAIN" => new PlainServer(passwords!, authorization),
            "LOGIN" => new LoginServer(passwords!, authorization),
            _ => new ScramServer(scram!, authorization, plus: name.EndsWith("-PLUS", StringComparison.Ordinal), plusOffered: offered.Contains("SCRAM-SHA-256-PLUS", StringComparer.Ordinal),
                tls?.EndpointBinding ?? default, serverNonce: Convert.ToBase64String(RandomNumberGenerator.GetBytes(18))),
        };
    }

    private static bool IsScram(string mechanism) => mechanism.StartsWith("SCRAM-", StringComparison.Ordinal);

    private ImmutableArray<string> Offered(TlsFacts? tls) => tls switch
    {
        null => inClear,
        { EndpointBinding.IsEmpty: true } => underTls,
        _ => bound,
    };
}
