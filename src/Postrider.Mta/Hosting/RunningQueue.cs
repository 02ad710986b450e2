using Postrider.Mta.Configuration;
using Postrider.Mta.Delivery;
using Postrider.Mta.Notification;
using Postrider.Mta.Policy;
using Postrider.Queue;
using Postrider.Queue.Running;

namespace Postrider.Mta.Hosting;

/// <summary>The queue runner with its worker and notifier, one for the life of the daemon. What waits goes where the site that is current says; retry times are those of the start.</summary>
internal sealed class RunningQueue
{
    private readonly QueueRunner runner;
    private readonly DaemonLog log;

    public RunningQueue(IQueueStore store, Func<Site> current, Site site, Func<IReadOnlyDictionary<string, IDeliveryAgent>> agents, DaemonLog log, TimeProvider time, TimeSpan stopWithin, Func<DeliveryRules?>? rules = null)
    {
        this.log = log;
        SiteConfiguration configuration = site.Configuration;
        QueueWorker worker = new(store, () => current().Router, agents, log.Lines, time, rules);
        Notifier notifier = new(
            store,
            new NotifierSettings
            {
                HostName = configuration.HostName,
                MailerName = configuration.MailerName,
                Version = ProductVersion.Text,
                DoubleBounceAddress = configuration.DoubleBounceAddress,
                QueueWarn = configuration.Timeouts.QueueWarn,
                QueueReturn = configuration.Timeouts.QueueReturn,
                ReturnsBody = (configuration.Privacy & PrivacyFlags.NoBodyReturn) == 0,
            },
            log.Lines,
            time,
            () => current().Expander);
        runner = new QueueRunner(store, worker, notifier, site.QueueRunner with { StopWithin = stopWithin }, time);
        runner.Trouble += trouble => log.Lines.Warning(trouble.Id?.Value, trouble.Exception is { } e ? $"{trouble.What}: {e.Message}" : trouble.What);
    }

    /// <summary>Attempts under way.</summary>
    public int Running => runner.Running;

    public Task RunAsync(CancellationToken stop) => runner.RunAsync(stop);

    /// <summary>Starts a queue run.</summary>
    /// <returns>When every entry of the run was tried.</returns>
    public Task RunNowAsync(QueueFilter filter) => runner.RunNowAsync(filter);

    /// <summary>Starts a queue run and does not wait for it.</summary>
    public void StartRun(QueueFilter filter) => _ = RunAndSayAsync(filter);

    private async Task RunAndSayAsync(QueueFilter filter)
    {
        try
        {
            await runner.RunNowAsync(filter);
        }
        catch (OperationCanceledException)
        {
            log.Say("queue run: the daemon ended before it was through");
        }
    }
}
