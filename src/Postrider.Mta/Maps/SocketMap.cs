using System.Globalization;
using System.Net.Sockets;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>socket</c>: asks a server in netstrings: <c>MAP KEY</c>, answered with <c>OK value</c>, <c>NOTFOUND</c>, <c>TEMP text</c>, <c>TIMEOUT text</c> or <c>PERM text</c>. Thread-safe.</summary>
/// <remarks>
/// sendmail 8.17, measured: the connection is kept; PERM is not found. Differs from sendmail: an answer that is none of these is a temporary failure and not "not found"; a connection that the
/// server closed while nobody used it is replaced at once; several are opened when several ask together.
/// </remarks>
internal sealed class SocketMap : IMap
{
    /// <summary>Connections at once. Ours.</summary>
    private const int MaxConnections = 16;

    private readonly string name;
    private readonly PeerAddress server;
    private readonly MapFlags flags;
    private readonly MapServices services;
    private readonly TimeSpan patience;
    private readonly ConnectionPool<NetstringConnection> pool;

    /// <param name="patience"><c>-d</c>, for a whole look-up; sendmail's default is 30 seconds for each reading.</param>
    public SocketMap(string name, PeerAddress server, TimeSpan patience, MapFlags flags, MapServices services)
    {
        (this.name, this.server, this.patience, this.flags, this.services) = (name, server, patience, flags, services);
        pool = new(async cancel => new NetstringConnection(await server.ConnectAsync(services.Dns, cancel)), MaxConnections);
    }

    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        byte[] request = AnswerText.Octets($"{name} {(flags.KeepCase ? key : key.ToLowerInvariant())}");
        using CancellationTokenSource timeout = new(patience, services.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        bool isConnected = false;
        try
        {
            byte[] reply = await pool.UseAsync((connection, cancel) =>
            {
                isConnected = true;
                return connection.AskAsync(request, AnswerText.MaxLength, cancel);
            }, either.Token);
            return Result(AnswerText.Read(reply), key, arguments);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TempFail("read timeout");
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException)
        {
            return flags.Optional && !isConnected ? MapResult.NotFound : TempFail(e.Message);
        }
    }

    private MapResult Result(string reply, string key, IReadOnlyList<string> arguments)
    {
        int blank = reply.IndexOf(' ', StringComparison.Ordinal);
        string word = blank < 0 ? reply : reply[..blank];
        string rest = AnswerText.Clean(blank < 0 ? "" : reply[(blank + 1)..]);
        switch (word)
        {
            case "OK": return MapValue.Finish(flags, rest, key, arguments);
            case "NOTFOUND": return MapResult.NotFound;
            case "TEMP" or "TIMEOUT": return TempFail(rest);
            case "PERM":
                services.Problem($"socket map {name}: {server} refuses for good: {rest}");
                return MapResult.NotFound;
            default: return TempFail($"got invalid reply, {AnswerText.Clean(word.Length > 40 ? word[..40] : word)}");
        }
    }

    private MapResult TempFail(string reason) => MapResult.TempFail(string.Create(CultureInfo.InvariantCulture, $"socket_map_lookup({name}): {server}: {reason}"));
}
