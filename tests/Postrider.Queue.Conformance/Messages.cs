using System.Collections.Immutable;
using Postrider.Mail;

namespace Postrider.Queue.Conformance;

/// <summary>Short ways to put things into a store and to look at what is there.</summary>
internal static class Messages
{
    public static QueueEnvelope Envelope(QueueId id, DateTimeOffset arrival, params string[] recipients) => new()
    {
        Id = id,
        ArrivalTime = arrival,
        ReversePath = ReversePath.Of("alice@example.net"),
        Recipients = [.. (recipients.Length == 0 ? ["bob@example.org"] : recipients).Select(r => new QueueRecipient(ForwardPath.Of(r)))],
    };

    /// <summary>Octets that tell whose they are and where: content of another message, or of another place, is never equal.</summary>
    public static byte[] Content(string seed, int octets)
    {
        byte[] content = new byte[octets];
        uint state = 2166136261;
        foreach (char c in seed) state = (state ^ c) * 16777619;
        for (int i = 0; i < content.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            content[i] = (byte)(state >> 24);
        }

        return content;
    }

    public static async Task<QueueId> PutAsync(this IQueueStore store, TimeProvider time, int octets, params string[] recipients)
    {
        QueueId id = store.NewId();
        await store.PutAsync(Envelope(id, time.GetUtcNow(), recipients), Content(id.Value, octets), null);
        return id;
    }

    public static async Task PutAsync(this IQueueStore store, QueueEnvelope envelope, ReadOnlyMemory<byte> content, CommitOptions? options)
    {
        await using IQueueDraft draft = store.BeginDraft();
        await AppendInPiecesAsync(draft, content);
        await draft.CommitAsync(envelope, options, CancellationToken.None);
    }

    public static async Task AppendInPiecesAsync(this IQueueDraft draft, ReadOnlyMemory<byte> content)
    {
        for (int at = 0; at < content.Length;)
        {
            int count = Math.Min(4093, content.Length - at);
            await draft.AppendAsync(content.Slice(at, count), CancellationToken.None);
            at += count;
        }
    }

    public static async Task<byte[]?> ReadAsync(this IQueueStore store, QueueId id)
    {
        Stream? stream = await store.OpenContentAsync(id, CancellationToken.None);
        if (stream is null) return null;
        await using (stream)
        {
            using MemoryStream all = new();
            await stream.CopyToAsync(all);
            return all.ToArray();
        }
    }

    public static async Task<QueueLease?> TakeOneAsync(this IQueueStore store, TimeSpan lease)
    {
        IReadOnlyList<QueueLease> taken = await store.TakeDueAsync(1, lease, null, CancellationToken.None);
        return taken.Count == 0 ? null : taken[0];
    }

    public static async Task<QueueEntry?> FindAsync(this IQueueStore store, QueueId id) =>
        (await store.ListAsync(QueueFilter.Everything, CancellationToken.None)).FirstOrDefault(e => e.Envelope.Id == id);

    public static QueueOutcome Outcome(RecipientStatus status, DateTimeOffset due, params int[] recipients) => new()
    {
        Recipients = recipients.ToImmutableDictionary(r => r, _ => new RecipientState(status, new EnhancedStatusCode(status == RecipientStatus.Done ? 2 : 4, 0, 0), $"said {status}")),
        Due = due,
        AttemptedAt = due,
    };
}
