using System.Collections.Immutable;
using System.Security.Cryptography;
using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Sasl;

/// <summary>The client's mechanisms.</summary>
public static class SaslClient
{
    private static readonly ImmutableArray<string> Strength = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN"];

    /// <summary>The mechanisms to try one after the other, strongest first: what the server offers, the site allows, and the connection may carry.</summary>
    /// <param name="allowed">Empty: all that we have.</param>
    /// <param name="tls">Null: in clear; then nothing that shows the password, unless <paramref name="plainInClear"/>.</param>
    public static ImmutableArray<string> Choose(IReadOnlyCollection<string> offered, IReadOnlyCollection<string> allowed, TlsFacts? tls, bool plainInClear = false) =>
        [.. Strength.Where(m => offered.Contains(m, StringComparer.OrdinalIgnoreCase)
            && (allowed.Count == 0 || allowed.Contains(m, StringComparer.OrdinalIgnoreCase))
            && (IsScram(m) ? !IsPlus(m) || tls is { EndpointBinding.IsEmpty: false } : tls is not null || plainInClear))];

    /// <summary>Null when there is no such mechanism, or name or password hold what they may not (RFC 4013).</summary>
    /// <param name="offered">The server's list: SCRAM tells the server what we saw, so that a list made poorer on the way is found out (RFC 5802 §6).</param>
    public static ISaslClientExchange? Begin(string mechanism, SaslCredentials credentials, IReadOnlyCollection<string> offered, TlsFacts? tls)
    {
        if (SaslPrep.Prepare(credentials.UserName) is not { Length: > 0 } user || SaslPrep.Prepare(credentials.Password) is not { Length: > 0 } password) return null;
        SaslCredentials prepared = credentials with { UserName = user, Password = password };
        return mechanism.ToUpperInvariant() switch
        {
            "PLAIN" => new PlainClient(prepared),
            "LOGIN" => new LoginClient(prepared),
            "SCRAM-SHA-256" => new ScramClient(prepared, NewNonce(), ScramFlag(offered, tls), binding: null),
            "SCRAM-SHA-256-PLUS" when tls is { EndpointBinding.IsEmpty: false } => new ScramClient(prepared, NewNonce(), "p=tls-server-end-point", tls.EndpointBinding),
            _ => null,
        };
    }

    // RFC 5802 §6: "y" when we could bind and the server did not offer it, "n" when we could not or, as here with an offer, chose not to.
    private static string ScramFlag(IReadOnlyCollection<string> offered, TlsFacts? tls) =>
        tls is { EndpointBinding.IsEmpty: false } && !offered.Contains("SCRAM-SHA-256-PLUS", StringComparer.OrdinalIgnoreCase) ? "y" : "n";

    private static string NewNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));

    private static bool IsScram(string mechanism) => mechanism.StartsWith("SCRAM-", StringComparison.Ordinal);

    private static bool IsPlus(string mechanism) => mechanism.EndsWith("-PLUS", StringComparison.Ordinal);
}
