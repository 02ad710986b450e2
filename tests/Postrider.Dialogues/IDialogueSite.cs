using Postrider.Testing;

namespace Postrider.Dialogues;

/// <summary>What a dialogue is held with: a whole receiving side, made anew for each run.</summary>
internal interface IDialogueSite : IAsyncDisposable
{
    WatchedTimeProvider Clock { get; }

    IReadOnlyList<CommittedMessage> Committed { get; }

    /// <summary>The lines of its log, as the operator reads them.</summary>
    IReadOnlyList<string> Log { get; }

    /// <summary>The log with every verdict's reasons, for the failure message.</summary>
    IReadOnlyList<string> Trace { get; }

    /// <param name="client">ADDRESS [NAME [forged|temp]].</param>
    Task ServeAsync(Stream transport, string client);
}

/// <param name="Envelope">&lt;from&gt; -> &lt;to&gt;, &lt;to&gt;.</param>
internal sealed record CommittedMessage(string Envelope, string Content);
