using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postrider.Mta.Ldap;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>ldap</c>: values of the attributes of the entries that a filter finds. Thread-safe; answers are not kept, as in sendmail.</summary>
/// <remarks>
/// sendmail 8.17 against slapd, measured: without <c>-z</c> the first value, with it all, in the server's order; entries that were followed stand where their names stood; no such base, and more
/// entries than allowed, are temporary failures. Differs from sendmail: keys never become operators of the filter; the version spoken is 3 where nothing is said.
/// </remarks>
internal sealed class LdapMap : IMap
{
    /// <summary>Connections at once. Ours.</summary>
    private const int MaxConnections = 8;

    /// <summary>How far names are followed from one entry to the next, or to other servers. Ours.</summary>
    private const int MaxDepth = 8;

    /// <summary>Searches for one look-up. Ours.</summary>
    private const int MaxSearches = 200;

    private static readonly byte[] anyEntry = LdapFilter.TryParse("(objectClass=*)", takesArguments: false, out LdapFilter? any) ? any.Encode("", []) : [];

    private readonly string name;
    private readonly LdapMapSettings settings;
    private readonly MapFlags flags;
    private readonly MapServices services;
    private readonly string[] wanted;
    private readonly ConnectionPool<LdapConnection> pool;

    public LdapMap(string name, LdapMapSettings settings, MapFlags flags, MapServices services)
    {
        (this.name, this.settings, this.flags, this.services) = (name, settings, flags, services);
        bool looksAtClass = settings.Attributes.Any(static attribute => attribute.Classes.Count > 0);
        wanted = [.. settings.Attributes.Select(static attribute => attribute.Name), .. looksAtClass ? ["objectClass"] : Array.Empty<string>()];
        pool = new(ConnectAsync, MaxConnections);
    }

    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        string folded = flags.KeepCase ? key : key.ToLowerInvariant();
        using CancellationTokenSource timeout = new(settings.Patience, services.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Gathering gathering = new();
        try
        {
            bool isOne = await GatherAsync(Search(settings.BaseDn, settings.Scope, settings.Filter.Encode(folded, arguments)), gathering, 0, either.Token);
            if (!isOne || gathering.Values.Count == 0) return MapResult.NotFound;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TempFail(key, "Timed out");
        }
        catch (Exception e) when (e is LdapUnavailableException or IOException or SocketException or AuthenticationException)
        {
            bool isAbsent = flags.Optional && e is LdapUnavailableException;
            return isAbsent ? MapResult.NotFound : e is LdapUnavailableException ? MapResult.TempFail($"ldap_init/ldap_bind failed to {string.Join(' ', settings.Servers)} in map {name}: {e.Message}") : TempFail(key, e.Message);
        }
        catch (InvalidDataException e)
        {
            return TempFail(key, e.Message);
        }

        string value = settings.Between is { } between ? string.Join(between, gathering.Values) : gathering.Values[0];
        return value.Length > AnswerText.MaxLength ? TempFail(key, $"the answer is longer than {AnswerText.MaxLength} octets") : MapValue.Finish(flags, value, key, arguments);
    }

    private LdapSearch Search(string baseDn, LdapScope scope, byte[] filter) => new(baseDn, scope, filter, wanted)
    {
        Dereference = settings.Dereference,
        SizeLimit = settings.SizeLimit,
        TimeLimit = settings.TimeLimit,
        TypesOnly = settings.NamesOnly,
    };

    /// <summary>Searches, takes the values of what was found, and follows those that lead on. False: more entries than one, where only one will do.</summary>
    private async ValueTask<bool> GatherAsync(LdapSearch search, Gathering gathering, int depth, CancellationToken cancellationToken)
    {
        if (++gathering.Searches > MaxSearches || depth > MaxDepth) throw new InvalidDataException("entries name each other without end");
        LdapResult result = await pool.UseAsync((connection, cancel) => connection.SearchAsync(search, cancel), cancellationToken);
        List<LdapEntry> entries = [.. await CompleteAsync(result, search, gathering, depth, cancellationToken)];
        if (settings.SingleMatch && depth == 0 && entries.Count > 1) return false;
        foreach (LdapEntry entry in entries)
        {
            foreach ((string attribute, IReadOnlyList<string> values) in entry.Attributes) await TakeAsync(entry, attribute, values, gathering, depth, cancellationToken);
        }

        return true;
    }

    private async ValueTask TakeAsync(LdapEntry entry, string attribute, IReadOnlyList<string> values, Gathering gathering, int depth, CancellationToken cancellationToken)
    {
        LdapAttribute? spec = settings.Attributes.FirstOrDefault(known => known.Name.Equals(attribute.Split(';')[0], StringComparison.OrdinalIgnoreCase));
        if (spec is null && settings.Attributes.Count > 0) return;
        if (settings.NamesOnly)
        {
            gathering.Values.Add(AnswerText.Clean(attribute));
            return;
        }

        if (spec is { Classes.Count: > 0 } && !spec.Classes.Any(name => entry.Has("objectClass", name))) return;
        foreach (string value in values)
        {
            if (spec is null or { Kind: LdapAttributeKind.Normal }) gathering.Values.Add(AnswerText.Clean(settings.NameBetween is { } between ? attribute + between + value : value));
            else if (gathering.Followed.Add($"{spec.Kind} {value}") && Onward(spec.Kind, value) is { } next) await GatherAsync(next, gathering, depth + 1, cancellationToken);
        }
    }

    /// <summary>The search that a value of the directory leads to; null: it is none, and a look-up does not fail of that.</summary>
    private LdapSearch? Onward(LdapAttributeKind kind, string value)
    {
        if (kind == LdapAttributeKind.Dn) return Search(value, LdapScope.Base, anyEntry);
        string? filterText = value;
        LdapUrl? url = null;
        if (kind == LdapAttributeKind.Url && !LdapUrl.TryParse(value, out url)) filterText = null;
        else if (url is not null) filterText = url.Filter ?? "(objectClass=*)";
        if (filterText is not null && LdapFilter.TryParse(filterText, takesArguments: false, out LdapFilter? filter))
            return Search(url?.BaseDn ?? settings.BaseDn, url is null ? settings.Scope : url.Scope ?? LdapScope.Base, filter.Encode("", []));
        services.Problem($"ldap map {name}: an entry leads to {AnswerText.Clean(value)}, which is no {(kind == LdapAttributeKind.Url ? "LDAP URL" : "filter")}");
        return null;
    }

    /// <summary>The entries of a result, and those that it says are elsewhere.</summary>
    private async ValueTask<IEnumerable<LdapEntry>> CompleteAsync(LdapResult result, LdapSearch search, Gathering gathering, int depth, CancellationToken cancellationToken)
    {
        bool isReferral = result.Code == LdapResult.Referral && settings.FollowReferrals;
        if (result.Code != LdapResult.Success && !isReferral) throw new InvalidDataException(result.Text);
        IEnumerable<LdapEntry> entries = result.Entries;
        if (!settings.FollowReferrals) return entries;
        foreach (IReadOnlyList<string> addresses in result.Referrals)
        {
            if (++gathering.Searches > MaxSearches || depth > MaxDepth) throw new InvalidDataException("servers refer to each other without end");
            if (addresses.Select(static text => LdapUrl.TryParse(text, out LdapUrl? url) ? url : null).FirstOrDefault(static url => url is not null) is not { } server) throw new InvalidDataException("Referral to what is no LDAP URL");

            // As libldap: on the other server nobody in particular asks.
            using LdapConnection connection = await ConnectAsync(server, "", "", cancellationToken);
            LdapSearch there = search with { BaseDn = server.BaseDn ?? search.BaseDn, Scope = server.Scope ?? search.Scope };
            entries = entries.Concat(await CompleteAsync(await connection.SearchAsync(there, cancellationToken), there, gathering, depth + 1, cancellationToken));
        }

        return entries;
    }

    /// <summary>To the first server that answers; each has its share of the time, so that a silent one does not use it up.</summary>
    private async ValueTask<LdapConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        string reason = "";
        foreach (LdapUrl server in settings.Servers)
        {
            using CancellationTokenSource share = new(settings.Patience / settings.Servers.Count, services.Time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(share.Token, cancellationToken);
            try
            {
                return await ConnectAsync(server, settings.BindDn, settings.Password, either.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or AuthenticationException or InvalidDataException)
            {
                reason = e.Message;
            }
            catch (OperationCanceledException) when (share.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                reason = "Timed out";
            }
        }

        throw new LdapUnavailableException(reason);
    }

    private async ValueTask<LdapConnection> ConnectAsync(LdapUrl server, string bindDn, string password, CancellationToken cancellationToken)
    {
        Stream stream = new NetworkStream(await server.Server.ConnectAsync(services.Dns, cancellationToken), ownsSocket: true);
        LdapConnection? connection = null;
        try
        {
            if (server.IsTls)
            {
                SslStream tls = new(stream);
                stream = tls;
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Server.Host.Trim('[', ']'), CertificateChainPolicy = Trust() }, cancellationToken);
            }

            connection = new LdapConnection(stream);
            LdapResult bound = await connection.BindAsync(settings.Version, bindDn, password, cancellationToken);
            return bound.Code == LdapResult.Success ? connection : throw new InvalidDataException(bound.Text);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Read for each connection: an authority that was replaced counts from the next one on. Null: the system's.</summary>
    private X509ChainPolicy? Trust()
    {
        if (settings.AuthoritiesFile is not { } file) return null;
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or UnauthorizedAccessException)
        {
            throw new IOException($"{file}: {e.Message}", e);
        }

        return policy;
    }

    private MapResult TempFail(string key, string reason) => MapResult.TempFail($"Error getting LDAP results, map={name}, name={AnswerText.Clean(key)}: {reason}");

    /// <summary>What one look-up has so far.</summary>
    private sealed class Gathering
    {
        public List<string> Values { get; } = [];

        public HashSet<string> Followed { get; } = new(StringComparer.Ordinal);

        public int Searches { get; set; }
    }
}
