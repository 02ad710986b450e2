using System.Net;
using Postrider.Mta.Dns;
using Postrider.Testing;
using static Postrider.Tests.Mta.Dns.FakeNameServer;

namespace Postrider.Tests.Mta.Dns;

public sealed class StubResolverTests : IAsyncDisposable
{
    private readonly ManualTimeProvider clock = new();
    private readonly FakeNameServer server = new();
    private readonly StubResolver resolver;
    private readonly string hosts = Path.GetTempFileName();

    public StubResolverTests() => resolver = new StubResolver(new StubResolverSettings { Servers = [server.EndPoint], HostsPath = hosts }, clock);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        File.Delete(hosts);
    }

    [Fact]
    public async Task Addresses_are_found_and_remembered_as_long_as_the_least_TTL()
    {
        server.Answer = q => [q.Reply(0, A(q.Name, "192.0.2.1", 300), A(q.Name, "192.0.2.2", 60))];
        DnsAnswer answer = await AskAsync("Host.Example.", DnsRecordType.A);
        Assert.Equal(DnsStatus.Found, answer.Status);
        Assert.Equal(["192.0.2.1", "192.0.2.2"], answer.Addresses.Select(a => a.ToString()), StringComparer.Ordinal);
        clock.Advance(TimeSpan.FromSeconds(59));
        await AskAsync("host.example", DnsRecordType.A);
        Assert.Single(server.Queries);
        clock.Advance(TimeSpan.FromSeconds(1));
        await AskAsync("host.example", DnsRecordType.A);
        Assert.Equal(2, server.Queries.Count);
    }

    [Theory]
    [InlineData(3, DnsStatus.NoName)]
    [InlineData(0, DnsStatus.NoData)]
    public async Task No_is_remembered_as_long_as_the_SOA_says(int code, DnsStatus status)
    {
        server.Answer = q => [q.No(code, 30)];
        Assert.Equal(status, (await AskAsync("no.example", DnsRecordType.Mx)).Status);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(status, (await AskAsync("no.example", DnsRecordType.Mx)).Status);
        Assert.Single(server.Queries);
        clock.Advance(TimeSpan.FromSeconds(1));
        await AskAsync("no.example", DnsRecordType.Mx);
        Assert.Equal(2, server.Queries.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Servfail_and_refused_are_temporary_and_not_remembered(int code)
    {
        server.Answer = q => [q.Reply(code)];
        Assert.Equal(DnsStatus.TemporaryFailure, (await AskAsync("x.example", DnsRecordType.A)).Status);
        Assert.Equal(2, server.Queries.Count);
        await AskAsync("x.example", DnsRecordType.A);
        Assert.Equal(4, server.Queries.Count);
    }

    [Fact]
    public async Task Exchanges_come_by_preference_and_equal_ones_in_random_order()
    {
        server.Answer = q => [q.Reply(0, Mx(q.Name, 20, "c.example"), Mx(q.Name, 10, "a.example"), Mx(q.Name, 10, "b.example"))];
        HashSet<string> orders = [];
        for (int i = 0; i < 100; i++) orders.Add(string.Join(' ', (await AskAsync("x.example", DnsRecordType.Mx)).Exchanges.Select(x => x.Host)));
        Assert.Equal(["a.example b.example c.example", "b.example a.example c.example"], orders.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_null_MX_is_one_exchange_without_name()
    {
        server.Answer = q => [q.Reply(0, Mx(q.Name, 0, ""))];
        Assert.Equal((0, ""), Assert.Single((await AskAsync("nullmx.example", DnsRecordType.Mx)).Exchanges));
    }

    [Fact]
    public async Task Forged_answers_are_ignored_until_the_true_one_comes()
    {
        server.Answer = q =>
        {
            byte[] good = q.Reply(0, A(q.Name, "192.0.2.1"));
            byte[] wrongId = [.. good];
            wrongId[0] ^= 1;
            byte[] wrongName = [.. good];
            wrongName[13] ^= 1;
            byte[] wrongType = [.. good];
            wrongType[12 + q.Name.Length + 3] = 28;
            byte[] query = [.. q.Message];
            return [wrongId, wrongName, wrongType, query, [], [1, 2, 3], good[..^3], good];
        };
        Assert.Equal("192.0.2.1", Assert.Single((await AskAsync("host.example", DnsRecordType.A)).Addresses).ToString());
        Assert.Single(server.Queries);
    }

    [Fact]
    public async Task Every_question_has_its_own_port_and_id()
    {
        server.Answer = q => [q.Reply(0, A(q.Name, "192.0.2.1", 0))];
        for (int i = 0; i < 30; i++) await AskAsync("host.example", DnsRecordType.A);
        Assert.InRange(server.Queries.Select(q => q.Port).Distinct().Count(), 25, 30);
        Assert.InRange(server.Queries.Select(q => (q.Message[0] << 8) | q.Message[1]).Distinct().Count(), 28, 30);
    }

    [Fact]
    public async Task A_truncated_answer_is_asked_for_again_by_TCP()
    {
        server.Answer = q => q.IsTcp ? [q.Reply(0, [.. Enumerable.Range(0, 200).Select(i => A(q.Name, $"192.0.2.{i}"))])] : [q.Truncated()];
        Assert.Equal(200, (await AskAsync("big.example", DnsRecordType.A)).Addresses.Length);
    }

    [Fact]
    public async Task A_server_without_EDNS_is_asked_again_without()
    {
        server.Answer = q => [q.HasEdns ? q.Reply(1) : q.Reply(0, A(q.Name, "192.0.2.1"))];
        Assert.Equal(DnsStatus.Found, (await AskAsync("host.example", DnsRecordType.A)).Status);
        Assert.Equal([true, false], server.Queries.Select(q => q.HasEdns));
    }

    [Fact]
    public async Task The_AD_bit_is_asked_for_and_told()
    {
        server.Answer = q => [q.Authentic(A(q.Name, "192.0.2.1"))];
        Assert.True((await AskAsync("host.example", DnsRecordType.A)).IsAuthentic);
        Assert.True(server.Queries.TryPeek(out Query? query) && (query.Message[3] & 0x20) != 0, "the query does not set AD");
    }

    [Fact]
    public async Task Aliases_are_followed_within_and_beyond_a_response()
    {
        server.Answer = q => [q.Name == "a.example" ? q.Reply(0, Cname("a.example", "b.example"), Cname("B.example", "c.example")) : q.Reply(0, A("c.example", "192.0.2.3"))];
        DnsAnswer answer = await AskAsync("a.example", DnsRecordType.A);
        Assert.Equal("192.0.2.3", Assert.Single(answer.Addresses).ToString());
        Assert.Equal("c.example", answer.CanonicalName);
    }

    [Theory]
    [InlineData("a.example", "a.example")]
    [InlineData("a.example", "b.example")]
    public async Task A_loop_of_aliases_ends(string name, string target)
    {
        server.Answer = q => [q.Reply(0, Cname(name, target), Cname(target, name))];
        Assert.Equal(DnsStatus.TemporaryFailure, (await AskAsync(name, DnsRecordType.A)).Status);
    }

    [Fact]
    public async Task Records_of_other_names_are_not_believed()
    {
        server.Answer = q => [q.Reply(0, A("other.example", "192.0.2.66"))];
        Assert.Equal(DnsStatus.NoData, (await AskAsync("host.example", DnsRecordType.A)).Status);
    }

    [Fact]
    public async Task The_next_server_is_asked_when_one_is_silent()
    {
        await using FakeNameServer second = new() { Answer = q => [q.Reply(0, A(q.Name, "192.0.2.9"))] };
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Answer = _ => { asked.TrySetResult(); return []; };
        StubResolver both = new(new StubResolverSettings { Servers = [server.EndPoint, second.EndPoint], HostsPath = "", Timeout = TimeSpan.FromSeconds(3) }, clock);
        Task<DnsAnswer> answer = both.QueryAsync("host.example", DnsRecordType.A, default).AsTask();
        await asked.Task;
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("192.0.2.9", Assert.Single((await answer).Addresses).ToString());
    }

    [Fact]
    public async Task Equal_questions_at_the_same_time_are_one_query()
    {
        using SemaphoreSlim hold = new(0);
        server.Answer = q => { hold.Wait(); return [q.Reply(0, A(q.Name, "192.0.2.1"))]; };
        Task<DnsAnswer>[] all = [.. Enumerable.Range(0, 50).Select(_ => resolver.QueryAsync("host.example", DnsRecordType.A, default).AsTask())];
        hold.Release(50);
        Assert.All(await Task.WhenAll(all), a => Assert.Equal(DnsStatus.Found, a.Status));
        Assert.Single(server.Queries);
    }

    [Fact]
    public async Task One_who_gives_up_does_not_take_the_answer_from_the_others()
    {
        using SemaphoreSlim hold = new(0);
        server.Answer = q => { hold.Wait(); return [q.Reply(0, A(q.Name, "192.0.2.1"))]; };
        using CancellationTokenSource impatient = new();
        Task<DnsAnswer> first = resolver.QueryAsync("host.example", DnsRecordType.A, impatient.Token).AsTask();
        Task<DnsAnswer> second = resolver.QueryAsync("host.example", DnsRecordType.A, default).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        hold.Release();
        Assert.Equal(DnsStatus.Found, (await second).Status);
    }

    [Fact]
    public async Task The_hosts_file_comes_first()
    {
        await File.WriteAllTextAsync(hosts, "# comment\n127.0.0.1 localhost loopback # x\n::1 localhost\n192.0.2.77\tdb.example db\n");
        Assert.Equal("127.0.0.1", Assert.Single((await AskAsync("localhost", DnsRecordType.A)).Addresses).ToString());
        Assert.Equal("::1", Assert.Single((await AskAsync("LOCALHOST", DnsRecordType.Aaaa)).Addresses).ToString());
        Assert.Equal(DnsStatus.NoData, (await AskAsync("db", DnsRecordType.Aaaa)).Status);
        Assert.Equal("db.example", Assert.Single((await AskAsync("77.2.0.192.in-addr.arpa", DnsRecordType.Ptr)).Texts));
        Assert.Empty(server.Queries);
        Assert.Equal(DnsStatus.NoData, (await AskAsync("db.example", DnsRecordType.Mx)).Status);
        await File.WriteAllTextAsync(hosts, "192.0.2.78 db.example and.more\n");
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("192.0.2.78", Assert.Single((await AskAsync("db.example", DnsRecordType.A)).Addresses).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..example")]
    [InlineData("a b.example")]
    [InlineData("x\r\n.example")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123.example")]
    public async Task A_name_that_cannot_exist_is_not_asked_for(string name)
    {
        Assert.Equal(DnsStatus.NoName, (await AskAsync(name, DnsRecordType.A)).Status);
        Assert.Empty(server.Queries);
    }

    [Fact]
    public async Task The_cache_is_bounded()
    {
        DnsCache cache = new(3, clock);
        for (int i = 0; i < 10; i++)
        {
            cache.Keep($"h{i}", DnsRecordType.A, new DnsAnswer(DnsStatus.Found), TimeSpan.FromHours(1));
            Assert.NotNull(cache.Find("h0", DnsRecordType.A));
        }

        Assert.Equal(3, cache.Count);
        await Task.CompletedTask;
    }

    [Fact]
    public void Resolv_conf_gives_servers_timeout_and_attempts()
    {
        ResolvConf conf = ResolvConf.Parse("# x\nsearch example.org\nnameserver 192.0.2.53\n nameserver 2001:db8::53\nnameserver bogus\noptions ndots:1 timeout:3 attempts:1\n");
        Assert.Equal("192.0.2.53:53, [2001:db8::53]:53", string.Join(", ", conf.Servers));
        Assert.Equal((TimeSpan.FromSeconds(3), 1), (conf.Timeout, conf.Attempts));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 53), Assert.Single(ResolvConf.Parse("").Servers));
    }

    [Theory]
    [InlineData("192.0.2.7", "7.2.0.192.in-addr.arpa")]
    [InlineData("2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    public void Reverse_names_go_both_ways(string address, string name)
    {
        Assert.Equal(name, ArpaName.Of(IPAddress.Parse(address)));
        Assert.True(ArpaName.TryParse(name, out IPAddress? back));
        Assert.Equal(address, back.ToString());
    }

    private ValueTask<DnsAnswer> AskAsync(string name, DnsRecordType type) => resolver.QueryAsync(name, type, default);
}
