using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using Postrider.Mta.Maps;

namespace Postrider.Mta.Ldap;

/// <summary>An LDAP URL (RFC 4516): <c>ldap://host:port/base?attributes?scope?filter</c>; <c>ldaps:</c> over TLS; <c>ldapi:</c> with the path of a socket as its host.</summary>
/// <param name="Server">Where to connect.</param>
/// <param name="IsTls">Whether TLS comes first.</param>
internal sealed record LdapUrl(PeerAddress Server, bool IsTls)
{
    /// <summary>What libldap takes when nothing names a host.</summary>
    public static LdapUrl Local { get; } = new(new PeerAddress(null, "localhost", 389, AddressFamily.Unspecified), IsTls: false);

    /// <summary>Null: not said.</summary>
    public string? BaseDn { get; init; }

    public LdapScope? Scope { get; init; }

    /// <summary>Null: not said.</summary>
    public string? Filter { get; init; }

    public static bool TryParse(string text, [NotNullWhen(true)] out LdapUrl? url)
    {
        url = null;
        int colon = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = colon < 0 ? "" : text[..colon].ToLowerInvariant();
        if (scheme is not ("ldap" or "ldaps" or "ldapi")) return false;
        string rest = text[(colon + 3)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string host = slash < 0 ? rest : rest[..slash];
        if (Address(scheme, host) is not { } server) return false;
        string[] words = slash < 0 ? [] : [.. rest[(slash + 1)..].Split('?').Select(Uri.UnescapeDataString)];
        LdapScope? scope = null;
        if (words.Length > 2 && words[2].Length > 0)
        {
            if (!Enum.TryParse(words[2], ignoreCase: true, out LdapScope named)) return false;
            scope = named;
        }

        url = new LdapUrl(server, scheme == "ldaps")
        {
            BaseDn = words.Length > 0 && words[0].Length > 0 ? words[0] : null,
            Scope = scope,
            Filter = words.Length > 3 && words[3].Length > 0 ? words[3] : null,
        };
        return true;
    }

    /// <summary>Reads <c>host</c> or <c>host:port</c>.</summary>
    public static bool TryParseHost(string text, int port, [NotNullWhen(true)] out LdapUrl? url)
    {
        url = Split(text, port) is { } server ? new LdapUrl(server, IsTls: false) : null;
        return url is not null;
    }

    public override string ToString() => Server.ToString();

    private static PeerAddress? Address(string scheme, string host)
    {
        if (scheme != "ldapi") return host.Length == 0 ? Local.Server with { Port = scheme == "ldaps" ? 636 : 389 } : Split(host, scheme == "ldaps" ? 636 : 389);
        return new PeerAddress(host.Length == 0 ? "/var/run/slapd/ldapi" : Uri.UnescapeDataString(host), "", 0, AddressFamily.Unix);
    }

    private static PeerAddress? Split(string host, int port)
    {
        int colon = host.LastIndexOf(':');
        bool hasPort = colon > host.LastIndexOf(']') && host.IndexOf(':', StringComparison.Ordinal) == colon;
        if (host.StartsWith('[')) hasPort = colon > host.LastIndexOf(']');
        if (hasPort && !int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)) return null;
        string name = hasPort ? host[..colon] : host;
        return name.Length == 0 ? null : new PeerAddress(null, name, port, AddressFamily.Unspecified);
    }
}
