using System.Net.Sockets;
using System.Text.Json;
using Postrider.Mta.Hosting.Posix;
using Postrider.Queue;

namespace Postrider.Mta.Hosting.Control;

/// <summary>One connection to the control socket: one request line, its answer lines, the end.</summary>
public sealed class ControlSession(IControlTarget target, Socket socket)
{
    /// <exception cref="IOException">The client went away.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        PeerCredentials peer = PeerCredentials.Of(socket);
        using NetworkStream stream = new(socket, ownsSocket: false);
        byte[]? line = await ControlLines.ReadAsync(stream, ControlRequest.MaxOctets, cancellationToken);
        if (line is null) return;
        await AnswerAsync(line, peer, answer => ControlLines.WriteAsync(stream, answer, cancellationToken), cancellationToken);
    }

    internal async Task AnswerAsync(byte[] line, PeerCredentials peer, Func<ControlAnswer, ValueTask> write, CancellationToken cancellationToken)
    {
        ControlRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest);
        }
        catch (JsonException)
        {
            request = null;
        }

        if (request is null || request.Verb == ControlVerb.None || !Enum.IsDefined(request.Verb)) await write(ControlAnswer.End(SysExit.Protocol, "not a request"));
        else if (!target.Permissions.MayAsk(request.Verb, peer)) await write(ControlAnswer.End(SysExit.NoPermission, "Permission denied"));
        else await write(await PerformAsync(request, write, cancellationToken));
    }

    private async ValueTask<ControlAnswer> PerformAsync(ControlRequest request, Func<ControlAnswer, ValueTask> write, CancellationToken cancellationToken)
    {
        switch (request.Verb)
        {
            case ControlVerb.Status:
                return ControlAnswer.End(SysExit.Ok, target.Status());
            case ControlVerb.List:
                foreach (QueueEntry entry in await target.Store.ListAsync(FilterOf(request), cancellationToken)) await write(new ControlAnswer { Entry = ControlEntry.Of(entry) });
                return ControlAnswer.End(SysExit.Ok);
            case ControlVerb.Run:
                await target.RunQueueAsync(FilterOf(request), cancellationToken);
                return ControlAnswer.End(SysExit.Ok);
            case ControlVerb.Reload:
                IReadOnlyList<string> diagnostics = await target.ReloadAsync(cancellationToken);
                foreach (string diagnostic in diagnostics) await write(new ControlAnswer { Text = diagnostic });
                return diagnostics.Count == 0 ? ControlAnswer.End(SysExit.Ok, "reloaded") : ControlAnswer.End(SysExit.Configuration, "not reloaded: the running configuration goes on");
            case ControlVerb.Shutdown:
                target.RequestShutdown();
                return ControlAnswer.End(SysExit.Ok);
            default:
                return await ChangeAsync(request, write, cancellationToken);
        }
    }

    private async ValueTask<ControlAnswer> ChangeAsync(ControlRequest request, Func<ControlAnswer, ValueTask> write, CancellationToken cancellationToken)
    {
        SysExit exit = SysExit.Ok;
        foreach (string text in request.Ids ?? [])
        {
            QueueId id = new(text);
            bool done = request.Verb switch
            {
                ControlVerb.Hold => await target.Store.SetHeldAsync(id, held: true, cancellationToken),
                ControlVerb.Unhold => await target.Store.SetHeldAsync(id, held: false, cancellationToken),
                _ => await target.Store.DeleteAsync(id, cancellationToken),
            };
            if (done) continue;
            exit = SysExit.DataError;
            string reason = request.Verb == ControlVerb.Delete ? "no such entry, or it is being delivered" : "no such entry";
            await write(new ControlAnswer { Text = $"{text}: {reason}" });
        }

        return ControlAnswer.End(exit);
    }

    private static QueueFilter FilterOf(ControlRequest request) => new()
    {
        IdContains = request.IdContains,
        ReversePathContains = request.SenderContains,
        RecipientContains = request.RecipientContains,
    };
}
