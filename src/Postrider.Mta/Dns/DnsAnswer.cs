using System.Collections.Immutable;
using System.Net;
using Postrider.Mail;

namespace Postrider.Mta.Dns;

/// <summary>Answer to one question. Records are of the asked type only, CNAMEs already followed; text form without trailing dot (MX: <c>preference host</c> split below).</summary>
public sealed record DnsAnswer(DnsStatus Status)
{
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>By preference, lowest first; equal preferences shuffled by the resolver. A null MX (RFC 7505) is one entry with an empty host.</summary>
    public ImmutableArray<(int Preference, string Host)> Exchanges { get; init; } = [];

    /// <summary>PTR names, TXT strings (parts joined), SRV targets as text.</summary>
    public ImmutableArray<string> Texts { get; init; } = [];

    /// <summary>The name the CNAME chain ended at; null: no CNAME.</summary>
    public string? CanonicalName { get; init; }

    /// <summary>AD bit.</summary>
    public bool IsAuthentic { get; init; }

    public ReasonChain Reasons { get; init; } = ReasonChain.None;
}
