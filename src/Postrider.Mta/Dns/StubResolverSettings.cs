using System.Collections.Immutable;
using System.Net;

namespace Postrider.Mta.Dns;

/// <summary>Whom to ask, and how patiently.</summary>
public sealed record StubResolverSettings
{
    /// <summary>Empty: what <see cref="ResolvConfPath"/> says, read again when it changes.</summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [];

    public string ResolvConfPath { get; init; } = "/etc/resolv.conf";

    /// <summary>Consulted before the DNS for A, AAAA and PTR; empty: never.</summary>
    public string HostsPath { get; init; } = "/etc/hosts";

    /// <summary>For one try with one server; null: resolv.conf's, by default 5 seconds.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Rounds over all servers; null: resolv.conf's, by default 2.</summary>
    public int? Attempts { get; init; }

    /// <summary>Answers kept. Default 10,000; ours. 0: none.</summary>
    public int CacheEntries { get; init; } = 10_000;

    /// <summary>Longest life of an answer. Default one day; ours. RFC 8767 §4 allows a week.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Longest life of a "no". Default one hour; RFC 2308 §5 says that one to three hours work well.</summary>
    public TimeSpan MaxNegativeLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Questions on their way at once, each with a socket of its own. Default 256; ours.</summary>
    public int MaxConcurrent { get; init; } = 256;

    /// <summary>These servers, each as <see cref="TryParseServer"/> reads it (what is none is left out); those of the system if there are none.</summary>
    public static StubResolverSettings Of(IEnumerable<string> servers) =>
        new() { Servers = [.. servers.Select(static text => TryParseServer(text, out IPEndPoint? server) ? server : null).OfType<IPEndPoint>()] };

    /// <summary>Reads <c>address</c> or <c>address:port</c>; false for anything else: a name server is never given by name.</summary>
    public static bool TryParseServer(string text, out IPEndPoint? server)
    {
        if (!IPEndPoint.TryParse(text, out server)) return false;
        if (server.Port == 0) server.Port = 53;
        return true;
    }
}
