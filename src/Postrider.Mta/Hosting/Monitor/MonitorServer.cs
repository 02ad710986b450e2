using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Mta.Hosting.Posix;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Hosting.Monitor;

/// <summary>The monitor's side of the channel: serves requests of the worker until the worker is gone, then ends what still runs.</summary>
/// <remarks>
/// The worker talks to the network and may be in a stranger's hands: a request that is not understood, brings no ordinary file, or is one too many is
/// answered with a failure or passed over, and never ends the monitor.
/// </remarks>
internal sealed class MonitorServer(MonitorChannel channel, IMailerRunner runner, Func<string?> reload, FileDoor door)
{
    /// <summary>Runs that are under way or wait; sendmail's own limit is that of its children.</summary>
    private const int MaxRuns = 256;

    private readonly ConcurrentDictionary<int, CancellationTokenSource> running = new();
    private readonly ConcurrentDictionary<Task, byte> tasks = new();

    public async Task ServeAsync()
    {
        // Receiving waits on a thread of its own: .NET has no asynchronous door to descriptors that come with a message.
        await Task.Factory.StartNew(Receive, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        foreach (CancellationTokenSource one in running.Values) await one.CancelAsync();
        await Task.WhenAll(tasks.Keys).WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Receive()
    {
        byte[] buffer = new byte[MonitorChannel.MaxOctets];
        while (true)
        {
            int length = channel.Receive(buffer, out SafeFileHandle? attached);
            if (length == 0) return;
            MonitorMessage? message = length < 0 ? null : MonitorMessage.Decode(buffer.AsSpan(0, length));
            switch (message)
            {
                case { Kind: MonitorMessageKind.Run, Run: { } run }:
                    Keep(RunAsync(message.Number, run, attached));
                    continue; // the run owns the descriptor
                case { Kind: MonitorMessageKind.Cancel } when running.TryGetValue(message.Number, out CancellationTokenSource? one):
                    Keep(one.CancelAsync());
                    break;
                case { Kind: MonitorMessageKind.Reload }:
                    Keep(AnswerAsync(new MonitorMessage(MonitorMessageKind.Reloaded, message.Number) { Problem = reload() }));
                    break;
                case { Kind: MonitorMessageKind.Open, Path: { } path }:
                    Keep(OpenAsync(message.Number, path));
                    break;
            }

            attached?.Dispose();
        }
    }

    private async Task RunAsync(int number, MailerRun run, SafeFileHandle? content)
    {
        await Task.Yield();
        using CancellationTokenSource stop = new();
        MailerExit exit;
        try
        {
            exit = running.Count >= MaxRuns || !running.TryAdd(number, stop) ? MailerExit.NotRun("the monitor has too many programs to run")
                : content is null || !FileFacts.Of(content).IsRegular ? MailerExit.NotRun("the request brought no message")
                : await runner.RunAsync(run, content, stop.Token);
        }
        catch (Exception e)
        {
            exit = MailerExit.NotRun(e is OperationCanceledException ? "cancelled" : e.Message);
        }
        finally
        {
            content?.Dispose();
            if (running.TryGetValue(number, out CancellationTokenSource? own) && own == stop) running.TryRemove(number, out _);
        }

        await AnswerAsync(new MonitorMessage(MonitorMessageKind.Exited, number) { Exit = exit });
    }

    private async Task OpenAsync(int number, string path)
    {
        using SafeFileHandle? file = door(path);
        await channel.SendAsync(new MonitorMessage(MonitorMessageKind.Opened, number).Encode(), file, CancellationToken.None);
    }

    private async Task AnswerAsync(MonitorMessage message) => await channel.SendAsync(message.Encode(), null, CancellationToken.None);

    private void Keep(Task task)
    {
        tasks.TryAdd(task, 0);
        _ = task.ContinueWith(static (done, all) => ((ConcurrentDictionary<Task, byte>)all!).TryRemove(done, out _), tasks, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
