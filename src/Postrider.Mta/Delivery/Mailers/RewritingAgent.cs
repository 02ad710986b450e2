using System.Buffers;
using System.IO.Pipelines;
using Postrider.Mail;
using Postrider.Mail.Headers;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>Stands in front of a mailer's agent: gives it the sender and the header section as the site's rulesets write them for this mailer, and lines no longer than L=.</summary>
/// <remarks>Thread-safe. The body streams through; only the header section is held. What the rulesets cannot say now defers every recipient.</remarks>
/// <param name="cutsLines">The agent sends lines as it gets them (SMTP); a program's own agent cuts them itself.</param>
public sealed class RewritingAgent(IDeliveryAgent inner, MailerRewriting rewriting, MailerDefinition mailer, bool cutsLines) : IDeliveryAgent
{
    private static readonly EnhancedStatusCode Temporary = new(4, 3, 0);

    /// <summary>As the next hop reads lines: flags of the mailer that are about its files do not apply.</summary>
    private readonly MailerDefinition wire = mailer with { EndOfLine = "\r\n", Flags = mailer.Has('7') ? "n7" : "n" };

    public async ValueTask<IReadOnlyList<RecipientOutcome>> DeliverAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
    {
        RewriteContext context = rewriting.Begin(attempt.Envelope, attempt.Host);
        ReversePath sender = attempt.Envelope.ReversePath;
        string? rewritten = null;
        bool stays = sender.IsNull && mailer.Kind == MailerKind.Smtp; // on the wire it is <>, whatever a program is told
        if (!stays && (rewritten = await rewriting.SenderAsync(sender, context, cancellationToken)) is null) return NotNow(attempt);
        (HeaderSection Section, long BodyStart)? header = await ReadAsync(attempt, cancellationToken);
        if (header is not { } read || !await rewriting.HeaderAsync(read.Section, sender, context, cancellationToken)) return NotNow(attempt);
        ArrayBufferWriter<byte> octets = new();
        read.Section.WriteTo(octets);
        return await inner.DeliverAsync(attempt with { Sender = rewritten, OpenContent = token => OpenAsync(attempt, octets.WrittenMemory, read.BodyStart, token) }, cancellationToken);
    }

    private static RecipientOutcome[] NotNow(DeliveryAttempt attempt) => [.. attempt.Recipients.Select(static recipient =>
        new RecipientOutcome(recipient.Number, OutcomeKind.Deferred, Temporary, "Deferred: addresses cannot be rewritten now")
        {
            Reasons = ReasonChain.Of(ReasonKind.Ruleset, "a map that the mailer's rulesets ask gives no answer"),
        })];

    /// <summary>The header section, and how many octets of the content it is, with the empty line.</summary>
    private static async ValueTask<(HeaderSection Section, long BodyStart)?> ReadAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
    {
        HeaderSectionReader reader = new(HeaderSectionLimits.None);
        await using Stream content = await attempt.OpenContent(cancellationToken);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16384);
        try
        {
            long taken = 0;
            while (reader.State == HeaderSectionState.Reading)
            {
                int length = await content.ReadAsync(buffer, cancellationToken);
                if (length == 0) reader.End();
                else taken += reader.Feed(buffer.AsSpan(0, length));
            }

            return (reader.Section, taken - reader.BodyPrefix.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ValueTask<Stream> OpenAsync(DeliveryAttempt attempt, ReadOnlyMemory<byte> header, long bodyStart, CancellationToken cancellationToken)
    {
        Pipe pipe = new();
        _ = WriteAsync(pipe.Writer, attempt, header, bodyStart, cancellationToken);
        return new(pipe.Reader.AsStream());
    }

    /// <summary>Ends when everything is written or nobody reads any more; what goes wrong reaches the reader.</summary>
    private async Task WriteAsync(PipeWriter pipe, DeliveryAttempt attempt, ReadOnlyMemory<byte> header, long bodyStart, CancellationToken cancellationToken)
    {
        Exception? trouble = null;
        try
        {
            await using Stream content = await attempt.OpenContent(cancellationToken);
            await using Stream output = pipe.AsStream(leaveOpen: true);
            MailerLineWriter? lines = cutsLines ? new MailerLineWriter(wire, output) : null;
            await PutAsync(header);
            byte[] buffer = new byte[16384];
            for (long left = bodyStart; ;)
            {
                int length = await content.ReadAsync(left > 0 ? buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)) : buffer, cancellationToken);
                if (length == 0) break;
                if (left > 0) left -= length;
                else await PutAsync(buffer.AsMemory(0, length));
            }

            if (lines is not null) await lines.FinishAsync(cancellationToken);

            ValueTask PutAsync(ReadOnlyMemory<byte> octets) => lines is not null ? lines.WriteAsync(octets, cancellationToken) : output.WriteAsync(octets, cancellationToken);
        }
        catch (Exception e)
        {
            trouble = e;
        }

        await pipe.CompleteAsync(trouble);
    }
}
