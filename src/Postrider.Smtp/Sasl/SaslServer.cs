using System.Collections.Immutable;
using System.Security.Cryptography;
using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Sasl;

/// <summary>The mechanisms that the given stores can serve. Thread-safe.</summary>
public sealed class SaslServer : ISaslServer
{
    private static readonly ImmutableArray<string> Defaults = ["SCRAM-SHA-256", "LOGIN", "PLAIN"];

    private readonly SaslStores stores;
    private readonly SaslAuthorization authorization;
    private readonly ImmutableArray<string> inClear;
    private readonly ImmutableArray<string> underTls;
    private readonly ImmutableArray<string> bound;

    /// <param name="stores">A mechanism without its store is not offered.</param>
    public SaslServer(SaslServerSettings settings, SaslStores stores)
    {
        this.stores = stores;
        authorization = new SaslAuthorization(settings.MayActAs);
        ImmutableArray<string> wanted = settings.Mechanisms.IsDefaultOrEmpty ? Defaults : settings.Mechanisms;
        ImmutableArray<(string Name, SaslMechanism Mechanism)> offered = [.. Listed(wanted, settings.KeepsOrder)
            .Where(one => one.Mechanism.IsServed(stores) && (settings.Demands & ~one.Mechanism.Meets) == 0
                && (settings.Allowed.IsDefaultOrEmpty || settings.Allowed.Contains(one.Mechanism.Name, StringComparer.OrdinalIgnoreCase)))];
        bound = [.. offered.Select(static one => one.Name)];
        underTls = [.. offered.Where(static one => one.Mechanism.Name != SaslMechanism.Bound).Select(static one => one.Name)];
        inClear = [.. offered.Where(one => one.Mechanism.Name != SaslMechanism.Bound && (settings.PlainInClear || !one.Mechanism.ShowsPassword)).Select(static one => one.Name)];
    }

    public IReadOnlyList<string> MechanismsFor(TlsFacts? tls) => Offered(tls);

    public ISaslServerExchange? Begin(string mechanism, TlsFacts? tls)
    {
        ImmutableArray<string> offered = Offered(tls);
        // RFC 4422 §3.1: names are upper case; AUTH arguments are compared without case, as sendmail does (oracle 31: "AUTH plain").
        if (!offered.Contains(mechanism, StringComparer.OrdinalIgnoreCase) || SaslMechanism.Find(mechanism) is not { } found) return null;
        return found.Name switch
        {
            "PLAIN" => new PlainServer(stores.Passwords!, authorization),
            "LOGIN" => new LoginServer(stores.Passwords!, authorization),
            "CRAM-MD5" => new CramServer(stores.Secrets!, authorization, CramServer.Unique(stores.Time)),
            "DIGEST-MD5" => new DigestServer(stores.Secrets!, authorization, Nonce(32)),
            "SCRAM-SHA-1" => new ScramServer(found.Name, stores.ScramSha1!, authorization, plus: false, plusOffered: false, binding: default, Nonce(18)),
            _ => new ScramServer(found.Name, stores.Scram!, authorization, plus: found.Name == SaslMechanism.Bound, plusOffered: offered.Contains(SaslMechanism.Bound, StringComparer.OrdinalIgnoreCase),
                tls?.EndpointBinding ?? default, Nonce(18)),
        };
    }

    private static IEnumerable<(string Name, SaslMechanism Mechanism)> Listed(ImmutableArray<string> wanted, bool keepsOrder) => keepsOrder
        ? wanted.Distinct(StringComparer.OrdinalIgnoreCase).Select(static name => (name, SaslMechanism.Find(name))).Where(static one => one.Item2 is not null).Select(static one => (one.name, one.Item2!))
        : SaslMechanism.All.Where(one => wanted.Contains(one.Name, StringComparer.OrdinalIgnoreCase)).Select(static one => (one.Name, one));

    private static string Nonce(int octets) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(octets));

    private ImmutableArray<string> Offered(TlsFacts? tls) => tls switch
    {
        null => inClear,
        { EndpointBinding.IsEmpty: true } => underTls,
        _ => bound,
    };
}
