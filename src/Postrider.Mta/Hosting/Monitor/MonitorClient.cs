using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Delivery.Mailers;

namespace Postrider.Mta.Hosting.Monitor;

/// <summary>The worker's side of the channel. When the monitor is gone, every run is deferred: mail waits until the daemon is started anew. Thread-safe.</summary>
internal sealed class MonitorClient : IMailerRunner, IDisposable
{
    private static readonly TimeSpan OpenWithin = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<int, TaskCompletionSource<MonitorMessage?>> waiting = new();
    private readonly MonitorChannel channel;
    private int last;
    private volatile bool isGone;

    public MonitorClient(MonitorChannel channel)
    {
        this.channel = channel;
        new Thread(Receive) { IsBackground = true, Name = "monitor" }.Start();
    }

    public async ValueTask<MailerExit> RunAsync(MailerRun run, SafeFileHandle content, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref last);
        byte[] octets = new MonitorMessage(MonitorMessageKind.Run, number) { Run = run }.Encode();
        if (octets.Length > MonitorChannel.MaxOctets) return MailerExit.NotRun("the request is too long for the monitor");
        try
        {
            return await AskAsync(number, octets, content, cancellationToken) is { Exit: { } exit } ? exit : MailerExit.NotRun("the monitor has gone");
        }
        catch (OperationCanceledException)
        {
            await channel.SendAsync(new MonitorMessage(MonitorMessageKind.Cancel, number).Encode(), null, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The monitor reads the configuration again, itself.</summary>
    /// <returns>Why not; null: it did.</returns>
    public async ValueTask<string?> ReloadAsync(CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref last);
        MonitorMessage? answer = await AskAsync(number, new MonitorMessage(MonitorMessageKind.Reload, number).Encode(), null, cancellationToken);
        return answer is null ? "the monitor has gone: programs run again when the daemon is started anew" : answer.Problem;
    }

    /// <summary>A map's file of the configuration, for reading. Waits on this thread: files change seldom.</summary>
    /// <returns>Null: it cannot be opened, is none of the configuration's, or the monitor has gone.</returns>
    public SafeFileHandle? Open(string path)
    {
        int number = Interlocked.Increment(ref last);
        byte[] octets = new MonitorMessage(MonitorMessageKind.Open, number) { Path = path }.Encode();
        if (octets.Length > MonitorChannel.MaxOctets) return null;
        using CancellationTokenSource patience = new(OpenWithin);
        try
        {
            return AskAsync(number, octets, null, patience.Token).AsTask().GetAwaiter().GetResult()?.File;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The monitor ends when this end is closed.</summary>
    public void Dispose() => channel.Dispose();

    private async ValueTask<MonitorMessage?> AskAsync(int number, byte[] octets, SafeFileHandle? content, CancellationToken cancellationToken)
    {
        TaskCompletionSource<MonitorMessage?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[number] = answer;
        try
        {
            if (isGone || !await channel.SendAsync(octets, content, cancellationToken)) return null;
            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            waiting.TryRemove(number, out _);
        }
    }

    private void Receive()
    {
        byte[] buffer = new byte[MonitorChannel.MaxOctets];
        for (int length = channel.Receive(buffer, out SafeFileHandle? attached); length != 0; length = channel.Receive(buffer, out attached))
        {
            MonitorMessage? message = length < 0 ? null : MonitorMessage.Decode(buffer.AsSpan(0, length));
            bool isWanted = message is not null && waiting.TryGetValue(message.Number, out TaskCompletionSource<MonitorMessage?>? answer) && answer.TrySetResult(message with { File = attached });
            if (!isWanted) attached?.Dispose();
        }

        isGone = true;
        foreach (TaskCompletionSource<MonitorMessage?> answer in waiting.Values) answer.TrySetResult(null);
    }
}
