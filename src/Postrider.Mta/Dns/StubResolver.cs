using System.Collections.Immutable;
using System.Net;
using Postrider.Mail;

namespace Postrider.Mta.Dns;

/// <summary>Asks recursive name servers (RFC 1035 §5, RFC 5452), and remembers what they say as long as they allow. Thread-safe; holds nothing that needs disposing.</summary>
/// <remarks>
/// A question: (1) the hosts file, (2) the cache, (3) one query on the way for all who ask the same, (4) the servers in their order, several rounds, (5) CNAMEs followed.
/// </remarks>
public sealed class StubResolver : IDnsResolver
{
    /// <summary>Aliases followed from one to the next, over all responses. Ours; BIND follows 16.</summary>
    public const int MaxAliases = 12;

    private readonly StubResolverSettings settings;
    private readonly TimeProvider time;
    private readonly WatchedFile<ResolvConf> resolvConf;
    private readonly WatchedFile<HostsFile>? hosts;
    private readonly DnsCache cache;
    private readonly Lock gate = new();
    private readonly Dictionary<(string, DnsRecordType), Task<DnsAnswer>> underway = [];

    public StubResolver(StubResolverSettings settings, TimeProvider time)
    {
        this.settings = settings;
        this.time = time;
        resolvConf = new WatchedFile<ResolvConf>(settings.ResolvConfPath, ResolvConf.Parse, time);
        hosts = settings.HostsPath.Length == 0 ? null : new WatchedFile<HostsFile>(settings.HostsPath, HostsFile.Parse, time);
        cache = new DnsCache(settings.CacheEntries, time);
        Slots = new SemaphoreSlim(settings.MaxConcurrent, settings.MaxConcurrent);
    }

    /// <summary>Never asked for its wait handle, so there is nothing to dispose.</summary>
    private SemaphoreSlim Slots { get; }

    /// <summary>The DNS alone shares this one's cache; whoever asks other servers, or otherwise, has a cache of its own.</summary>
    public IDnsResolver Varied(DnsVariation variation)
    {
        ArgumentNullException.ThrowIfNull(variation);
        if (variation.Servers.IsEmpty && variation.Timeout is null && variation.Attempts is null) return variation.WithoutHosts ? new DnsAlone(this) : this;
        return new StubResolver(settings with
        {
            HostsPath = variation.WithoutHosts ? "" : settings.HostsPath,
            Servers = variation.Servers.IsEmpty ? settings.Servers : variation.Servers,
            Timeout = variation.Timeout ?? settings.Timeout,
            Attempts = variation.Attempts ?? settings.Attempts,
        }, time);
    }

    public async ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken)
    {
        if (DnsQuestion.Create(name, type) is not { } question) return NoSuchName(name);

        // :: 1. The hosts file
        if (hosts?.Value.Find(question.Name, type) is { } local) return local with { Reasons = ReasonChain.Of(ReasonKind.Dns, $"{question.Name} is in {settings.HostsPath}") };

        DnsAnswer answer = await QueryDnsAsync(question, cancellationToken);

        // A name that only the hosts file knows exists, and has no MX.
        return type == DnsRecordType.Mx && answer.Status != DnsStatus.Found && hosts?.Value.Knows(question.Name) == true ? new DnsAnswer(DnsStatus.NoData) { Reasons = answer.Reasons } : answer;
    }

    private static DnsAnswer NoSuchName(string name) => new(DnsStatus.NoName) { Reasons = ReasonChain.Of(ReasonKind.Dns, $"{name} cannot be a domain name") };

    private async ValueTask<DnsAnswer> QueryDnsAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        // :: 2. and 3. The cache, and who asks the same
        DnsAnswer answer = cache.Find(question.Name, question.Type) ?? await Shared(question).WaitAsync(cancellationToken);
        return answer.Exchanges.Length > 1 ? answer with { Exchanges = Shuffled(answer.Exchanges) } : answer;
    }

    private Task<DnsAnswer> Shared(DnsQuestion question)
    {
        lock (gate)
        {
            if (underway.TryGetValue((question.Name, question.Type), out Task<DnsAnswer>? same)) return same;

            // Not the caller's token: others may wait for the same answer. The tries are bounded in time themselves.
            Task<DnsAnswer> task = Task.Run(() => AskAsync(question), CancellationToken.None);
            underway.Add((question.Name, question.Type), task);
            return task;
        }
    }

    private async Task<DnsAnswer> AskAsync(DnsQuestion question)
    {
        await Slots.WaitAsync();
        try
        {
            (DnsAnswer answer, TimeSpan lifetime) = await FollowAsync(question);
            cache.Keep(question.Name, question.Type, answer, lifetime);
            return answer;
        }
        finally
        {
            Slots.Release();
            lock (gate) underway.Remove((question.Name, question.Type));
        }
    }

    /// <summary>Asks, and asks on where the answer is an alias whose end the server did not include.</summary>
    private async Task<(DnsAnswer Answer, TimeSpan Lifetime)> FollowAsync(DnsQuestion asked)
    {
        string current = asked.Name;
        uint lifetime = uint.MaxValue;
        bool isAuthentic = true;
        int aliases = 0;
        while (DnsQuestion.Create(current, asked.Type) is { } question)
        {
            (DnsResponse? response, string told) = await AskServersAsync(question);
            ReasonChain reasons = ReasonChain.Of(ReasonKind.Dns, told);
            if (response is null) return (new DnsAnswer(DnsStatus.TemporaryFailure) { Reasons = reasons }, TimeSpan.Zero);
            isAuthentic &= response.IsAuthentic;
            string before = current;
            while (response.Answers.FirstOrDefault(r => r.Type == DnsRecordType.Cname && Same(r.Name, current)) is { } alias && asked.Type != DnsRecordType.Cname)
            {
                if (++aliases > MaxAliases) return (new DnsAnswer(DnsStatus.TemporaryFailure) { Reasons = reasons.Then(ReasonKind.Dns, $"more than {MaxAliases} aliases from {asked.Name}") }, TimeSpan.Zero);
                lifetime = Math.Min(lifetime, alias.TimeToLive);
                current = alias.Text;
            }

            List<DnsRecord> found = [.. response.Answers.Where(r => r.Type == asked.Type && Same(r.Name, current))];
            string? canonical = Same(current, asked.Name) ? null : current;
            if (found.Count > 0)
            {
                lifetime = Math.Min(lifetime, found.Min(r => r.TimeToLive));
                return (Found(asked.Type, found) with { CanonicalName = canonical, IsAuthentic = isAuthentic, Reasons = reasons }, Capped(lifetime, settings.MaxLifetime));
            }

            if (response.Code == DnsResponse.NoError && !Same(before, current)) continue;
            DnsStatus status = response.Code == DnsResponse.NoName ? DnsStatus.NoName : DnsStatus.NoData;
            return (new DnsAnswer(status) { CanonicalName = canonical, IsAuthentic = isAuthentic, Reasons = reasons }, Capped(Math.Min(lifetime, response.NegativeTimeToLive ?? 0), settings.MaxNegativeLifetime));
        }

        return (new DnsAnswer(DnsStatus.NoName) { Reasons = ReasonChain.Of(ReasonKind.Dns, $"{asked.Name} is an alias for what cannot be a domain name") }, TimeSpan.Zero);
    }

    /// <summary>Every server in turn, as often as configured, until one says yes or no. SERVFAIL, REFUSED and silence are neither.</summary>
    private async Task<(DnsResponse? Response, string Told)> AskServersAsync(DnsQuestion question)
    {
        ResolvConf conf = resolvConf.Value;
        ImmutableArray<IPEndPoint> servers = settings.Servers.IsEmpty ? conf.Servers : settings.Servers;
        string told = $"{question.Name} {question.Type}: no name server answered";
        for (int round = settings.Attempts ?? conf.Attempts; round > 0; round--)
        {
            foreach (IPEndPoint server in servers)
            {
                DnsResponse? response = await AskOneAsync(server, question, settings.Timeout ?? conf.Timeout);
                if (response is null) continue;
                told = $"{question.Name} {question.Type}: {server} answered {Name(response.Code)}";
                if (response.Code is DnsResponse.NoError or DnsResponse.NoName) return (response, told);
            }
        }

        return (null, told);
    }

    private async Task<DnsResponse?> AskOneAsync(IPEndPoint server, DnsQuestion question, TimeSpan patience)
    {
        bool withEdns = true;
        DnsResponse? response;
        using (CancellationTokenSource timeout = new(patience, time))
        {
            response = await DnsExchange.UdpAsync(server, question, withEdns, timeout.Token);

            // RFC 6891 §7: a server that does not know EDNS answers FORMERR; some say NOTIMP.
            if (response?.Code is DnsResponse.FormatError or DnsResponse.NotImplemented)
            {
                withEdns = false;
                response = await DnsExchange.UdpAsync(server, question, withEdns, timeout.Token);
            }
        }

        if (response is not { IsTruncated: true }) return response;
        using CancellationTokenSource again = new(patience, time);
        return await DnsExchange.TcpAsync(server, question, withEdns, again.Token);
    }

    private static DnsAnswer Found(DnsRecordType type, List<DnsRecord> records) => type switch
    {
        DnsRecordType.A or DnsRecordType.Aaaa => new DnsAnswer(DnsStatus.Found) { Addresses = [.. records.Select(r => r.Address!)] },
        DnsRecordType.Mx => new DnsAnswer(DnsStatus.Found) { Exchanges = [.. records.Select(r => (r.Preference, r.Text)).OrderBy(x => x.Preference)] },
        _ => new DnsAnswer(DnsStatus.Found) { Texts = [.. records.Select(r => r.Text)] },
    };

    // RFC 5321 §5.1: equal preferences MUST be tried in random order, anew each time.
    private static ImmutableArray<(int Preference, string Host)> Shuffled(ImmutableArray<(int Preference, string Host)> exchanges)
    {
        (int Preference, string Host)[] shuffled = [.. exchanges];
        Random.Shared.Shuffle(shuffled);
        return [.. shuffled.OrderBy(x => x.Preference)];
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static TimeSpan Capped(uint seconds, TimeSpan most) => seconds >= most.TotalSeconds ? most : TimeSpan.FromSeconds(seconds);

    private static string Name(int code) => code switch
    {
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        _ => $"RCODE {code}",
    };

    /// <summary>Step 2 on: what the hosts file says does not count.</summary>
    private sealed class DnsAlone(StubResolver whole) : IDnsResolver
    {
        public async ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken) =>
            DnsQuestion.Create(name, type) is { } question ? await whole.QueryDnsAsync(question, cancellationToken) : NoSuchName(name);

        public IDnsResolver Varied(DnsVariation variation) => whole.Varied(variation with { WithoutHosts = true });
    }
}
