using Postrider.Queue;

namespace Postrider.Mta.Hosting.Control;

/// <summary>What the control socket works on. Thread-safe.</summary>
public interface IControlTarget
{
    ControlPermissions Permissions { get; }

    IQueueStore Store { get; }

    /// <summary>One line about the daemon.</summary>
    string Status();

    /// <summary>Starts a queue run over what matches; returns when it was started.</summary>
    ValueTask RunQueueAsync(QueueFilter filter, CancellationToken cancellationToken);

    /// <returns>Diagnostics; empty when the new configuration is in force.</returns>
    ValueTask<IReadOnlyList<string>> ReloadAsync(CancellationToken cancellationToken);

    void RequestShutdown();
}
