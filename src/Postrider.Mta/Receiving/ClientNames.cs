using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Postrider.Mta.Dns;
using Postrider.Mta.Policy;
using Postrider.Smtp.Server;

namespace Postrider.Mta.Receiving;

/// <summary>Gives a session its client's name: PTR, and the way back from the name to the address (<c>${client_name}</c>, <c>${client_ptr}</c>, <c>${client_resolve}</c>).</summary>
/// <remarks>sendmail 8.17, oracle 10: no name is <c>[address]</c> and FAIL; a name that does not lead back is FORGED; no answer is TEMP. Thread-safe.</remarks>
public sealed class ClientNames(IDnsResolver? dns, ReceivingSettings settings, TimeProvider time)
{
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    public async ValueTask ResolveAsync(SmtpSessionFacts session, CancellationToken cancellationToken)
    {
        if (session.Remote is null) return;
        IPAddress address = session.Remote.Address.IsIPv4MappedToIPv6 ? session.Remote.Address.MapToIPv4() : session.Remote.Address;
        if (address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback))
        {
            session.ClientName = "localhost";
            session.ClientPtr = "localhost";
            return;
        }

        session.ClientName = $"[{session.ClientAddress}]";
        session.ClientResolve = ClientResolve.Fail;
        if (dns is null || (IPAddress.IsLoopback(address) && !settings.ResolvesLoopback)) return;
        using CancellationTokenSource timer = new(settings.ClientNameTimeout, time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            await AskAsync(dns, session, address, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            session.ClientResolve = ClientResolve.Temp;
        }
    }

    private static async ValueTask AskAsync(IDnsResolver dns, SmtpSessionFacts session, IPAddress address, CancellationToken cancellationToken)
    {
        DnsAnswer pointer = await dns.QueryAsync(ReverseName.Of(address), DnsRecordType.Ptr, cancellationToken);
        if (pointer.Status == DnsStatus.TemporaryFailure) session.ClientResolve = ClientResolve.Temp;
        if (pointer.Status != DnsStatus.Found || pointer.Texts.IsEmpty) return;

        // A name with other characters would travel into Received:, logs and rulesets: whoever owns a reverse zone writes what he likes there.
        string name = pointer.Texts[0].TrimEnd('.');
        if (name.Length is 0 or > 255 || name.AsSpan().IndexOfAnyExcept(HostCharacters) >= 0) return;
        DnsRecordType type = address.AddressFamily == AddressFamily.InterNetworkV6 ? DnsRecordType.Aaaa : DnsRecordType.A;
        DnsAnswer forward = await dns.QueryAsync(name, type, cancellationToken);
        if (forward.Status == DnsStatus.TemporaryFailure)
        {
            session.ClientResolve = ClientResolve.Temp;
            return;
        }

        session.ClientPtr = name;
        session.ClientName = name;
        session.ClientResolve = forward.Addresses.Contains(address) ? ClientResolve.Ok : ClientResolve.Forged;
    }
}
