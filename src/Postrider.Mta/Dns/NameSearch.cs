namespace Postrider.Mta.Dns;

/// <summary>Completes names by the search list of resolv.conf, as resolver(3) does. Thread-safe.</summary>
/// <param name="resolver">Asks the DNS.</param>
/// <param name="conf">What resolv.conf says now.</param>
/// <param name="settings">ResolverOptions.</param>
/// <param name="localDomain">Searched when resolv.conf names nothing; empty: nothing is.</param>
/// <remarks>
/// sendmail 8.17, measured: with DNSRCH every domain of the list is tried, with DEFNAMES alone the first, for a name without dots; a final dot says that the name is complete.
/// Differs from sendmail: where a step gets no answer, no further step is taken, because what it would find might be another host than the one that was meant.
/// </remarks>
public sealed class NameSearch(IDnsResolver resolver, Func<ResolvConf> conf, NameSearchSettings settings, string localDomain)
{
    public NameSearchSettings Settings => settings;

    /// <summary>The first name on the list that has records of the type. An answer that is not found is that of the name as it was given, if that was asked.</summary>
    public async ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken)
    {
        DnsAnswer? first = null;
        foreach (string candidate in Candidates(name, plainToo: true))
        {
            DnsAnswer answer = await resolver.QueryAsync(candidate, type, cancellationToken);
            if (answer.Status is DnsStatus.Found or DnsStatus.TemporaryFailure) return answer;
            first ??= answer;
        }

        return first ?? new DnsAnswer(DnsStatus.NoName);
    }

    /// <summary>The names to try, in order.</summary>
    /// <param name="plainToo">Whether a name without dots is tried as it is when the list is exhausted; sendmail's look-up of host names does not do that.</param>
    public IEnumerable<string> Candidates(string name, bool plainToo)
    {
        if (name.EndsWith('.'))
        {
            yield return name.TrimEnd('.');
            yield break;
        }

        ResolvConf now = conf();
        int dots = name.AsSpan().Count('.');
        IEnumerable<string> domains = now.Search.IsEmpty ? (localDomain.Length > 0 ? [localDomain] : []) : now.Search;
        bool plainFirst = dots > 0 && (dots >= now.Dots || !plainToo);
        if (plainFirst) yield return name;
        bool searched = plainToo ? (dots == 0 ? settings.DefaultNames : settings.Search) : settings.Search || (dots == 0 && settings.DefaultNames);
        if (searched)
        {
            foreach (string domain in settings.Search ? domains : domains.Take(1)) yield return $"{name}.{domain}";
        }

        if (plainToo && !plainFirst) yield return name;
    }
}
