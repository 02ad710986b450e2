using System.Net;
using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Server;

/// <summary>What is known about a session, growing as it goes. Written by the session (and, for the client's name, by the handler), read by policy. Not thread-safe; belongs to one session.</summary>
public sealed class SmtpSessionFacts(string id, ListenerFacts listener, IPEndPoint? remote, DateTimeOffset start)
{
    /// <summary>Names the session in logs until a queue id exists; also sendmail's id in session log lines.</summary>
    public string Id { get; } = id;

    public ListenerFacts Listener { get; } = listener;

    /// <summary>Null: standard input or a Unix socket.</summary>
    public IPEndPoint? Remote { get; } = remote;

    public DateTimeOffset Start { get; } = start;

    /// <summary>The user behind a Unix socket (peer credentials) or standard input; null for network sessions.</summary>
    public string? LocalUser { get; init; }

    /// <summary><c>${client_name}</c>: verified name, or <c>[address]</c>; <c>localhost</c> for standard input. The handler sets it in ConnectAsync.</summary>
    /// <remarks>The address until somebody has looked: with implicit TLS a handshake can fail before.</remarks>
    public string ClientName { get; set; } = remote is null || IPAddress.IsLoopback(remote.Address) ? "localhost" : $"[{FormatAddress(remote.Address)}]";

    /// <summary><c>${client_ptr}</c>.</summary>
    public string? ClientPtr { get; set; }

    /// <summary><c>${client_resolve}</c>.</summary>
    public ClientResolve ClientResolve { get; set; } = ClientResolve.Ok;

    /// <summary><c>${client_addr}</c> as sendmail writes it: 192.0.2.1 or IPv6:…; null when there is no address.</summary>
    public string? ClientAddress => Remote is null ? null : FormatAddress(Remote.Address);

    /// <summary>What this client is not offered. The handler sets it in ConnectAsync.</summary>
    public SessionFeatures Features { get; set; } = SessionFeatures.All;

    /// <summary>Argument of the last HELO or EHLO; null before.</summary>
    public string? HeloName { get; internal set; }

    /// <summary>True after EHLO.</summary>
    public bool IsExtended { get; internal set; }

    /// <summary>Null: in clear.</summary>
    public TlsFacts? Tls { get; internal set; }

    /// <summary>Null: not authenticated.</summary>
    public AuthFacts? Auth { get; internal set; }

    /// <summary><c>$_</c> without IDENT: <c>name [addr] (may be forged)</c>, as Hello, Received: and logs show the client.</summary>
    public string Relay => Remote is null
        ? (LocalUser ?? "root") + "@localhost"
        : ClientName.StartsWith('[') ? ClientName : $"{ClientName} [{ClientAddress}]{(ClientResolve == ClientResolve.Forged ? " (may be forged)" : "")}";

    /// <summary><c>$r</c>: SMTP, ESMTP, ESMTPS, ESMTPA, ESMTPSA (RFC 3848; sendmail writes SMTPS too).</summary>
    public string Protocol => (IsExtended ? "ESMTP" : "SMTP") + (Tls is null ? "" : "S") + (Auth is null ? "" : "A");

    public static string FormatAddress(IPAddress address) => address.IsIPv4MappedToIPv6
        ? address.MapToIPv4().ToString()
        : address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IPv6:" + address : address.ToString();
}
