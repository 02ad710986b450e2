namespace Postrider.Queue.Running;

/// <summary>Writes notifications (RFC 3464). Whom to tell and in which words is its matter; when, the runner's.</summary>
public interface IQueueNotifier
{
    /// <summary>Asked after each attempt that made a recipient final, and when a delay warning is due. Writes each notification as a draft, not committed.</summary>
    /// <returns>They come into being together with the outcome, or not at all; the runner disposes the drafts. Empty: nobody is to be told.</returns>
    /// <remarks>When it throws, nobody's failure is recorded: those recipients stay deferred and are tried again, so that no failure goes untold. May be asked again
    /// for the same outcomes when recording them failed.</remarks>
    ValueTask<IReadOnlyList<QueueSuccessor>> NotifyAsync(QueueNotice notice, CancellationToken cancellationToken);
}
