using System.Buffers;
using Postrider.Mail;

namespace Postrider.Smtp.Server;

/// <summary>The content between 354 and CRLF.CRLF, in slices of the session's own buffer (RFC 5321 §4.5.2).</summary>
/// <remarks>
/// A slice ends where the buffer does or where a dot is taken away, so a message without dots at line starts is never copied and never cut into lines.
/// Bare CR and bare LF fail the content (sendmail 8.17, oracle 06); only CRLF.CRLF ends it, also while a failed content is dropped.
/// </remarks>
internal sealed class DotStuffedContent(SmtpWire wire, SmtpServerSettings settings, TimeProvider clock, Func<SmtpReply> timeout) : SmtpContent
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);
    private static readonly SearchValues<byte> LineEndsAndNul = SearchValues.Create("\r\n\0"u8);

    private readonly SearchValues<byte> wanted = settings.RejectNul ? LineEndsAndNul : LineEnds;
    private readonly long began = clock.GetTimestamp();
    private long octets;
    private int given;
    private bool isAtLineStart = true;
    private bool isDropping;

    private enum Step
    {
        /// <summary>A slice of content is there, or a dot was taken away (an empty slice).</summary>
        Slice,
        NeedMore,
        End,
        Failed,
    }

    public override long Octets => octets;

    public bool HasEnded { get; private set; }

    /// <summary>Why the content cannot be accepted; null when it can.</summary>
    public SmtpContentException? Failure { get; private set; }

    public override ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (Failure is not null) return ValueTask.FromException<ReadOnlyMemory<byte>>(Failure);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<ReadOnlyMemory<byte>>(cancellationToken);
        return TryNext(out ReadOnlyMemory<byte> slice) ? ValueTask.FromResult(slice) : ReadSlowlyAsync();
    }

    /// <summary>Reads what is left and drops it, up to the end mark.</summary>
    /// <returns>False: the end was not found within the budget, or the peer is gone; the session cannot go on.</returns>
    public async ValueTask<bool> DropAsync()
    {
        isDropping = true;
        long dropped = 0;
        while (!HasEnded)
        {
            if (TryNext(out ReadOnlyMemory<byte> slice))
            {
                dropped += slice.Length;
                if (dropped > settings.MaxDroppedOctets) return false;
            }
            else if (!await FillAsync())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>False: more octets are needed. An empty slice: the end.</summary>
    private bool TryNext(out ReadOnlyMemory<byte> slice)
    {
        wire.Consume(given);
        given = 0;
        while (true)
        {
            slice = default;
            if (HasEnded) return true;
            ReadOnlyMemory<byte> buffered = wire.Buffered;
            switch (Scan(buffered.Span, out int length))
            {
                case Step.NeedMore:
                    return false;
                case Step.Failed when !isDropping:
                    throw Failure!;
                case Step.End:
                    wire.Consume(length);
                    HasEnded = true;
                    return true;
                case Step.Slice when length > 0:
                    given = length;
                    if (!isDropping) Count(length);
                    slice = buffered[..length];
                    return true;
            }
        }
    }

    private void Count(int length)
    {
        octets += length;
        if (settings.MaxMessageSize > 0 && octets > settings.MaxMessageSize) throw Fail(SmtpReplies.TooBig(settings.MaxMessageSize), "too big");
    }

    /// <param name="length">Of the slice, or of the end mark.</param>
    private Step Scan(ReadOnlySpan<byte> span, out int length)
    {
        length = 0;
        if (span.IsEmpty) return Step.NeedMore;
        if (isAtLineStart && span[0] == '.')
        {
            if (span.Length < 2 || (span[1] == '\r' && span.Length < 3)) return Step.NeedMore;
            if (span[1] == '\r' && span[2] == '\n')
            {
                length = 3;
                return Step.End;
            }

            // The dot of a stuffed line. ".CR" and ".LF" go the same way and are found bare below.
            wire.Consume(1);
            isAtLineStart = false;
            return Step.Slice;
        }

        isAtLineStart = false;
        int at = 0;
        while (true)
        {
            int found = span[at..].IndexOfAny(wanted);
            if (found < 0)
            {
                length = span.Length;
                return Step.Slice;
            }

            at += found;
            if (span[at] != '\r' || (at + 1 < span.Length && span[at + 1] != '\n'))
            {
                if (!isDropping) return Fault(span[at]);
                at++;
                if (at == span.Length)
                {
                    length = at;
                    return Step.Slice;
                }

                continue;
            }

            if (at + 1 == span.Length)
            {
                // A CR at the very end: what it is shows with the next octet.
                length = at;
                return at == 0 ? Step.NeedMore : Step.Slice;
            }

            at += 2;
            if (at == span.Length || span[at] == '.')
            {
                isAtLineStart = true;
                length = at;
                return Step.Slice;
            }
        }
    }

    private Step Fault(byte octet)
    {
        _ = octet switch
        {
            (byte)'\n' => Fail(SmtpReplies.BareLf, "bare LF"),
            (byte)'\r' => Fail(SmtpReplies.BareCr, "bare CR"),
            _ => Fail(SmtpReplies.Nul, "NUL"),
        };
        return Step.Failed;
    }

    private SmtpContentException Fail(SmtpReply? reply, string reason) => Failure ??= new SmtpContentException(reply, reason);

    private async ValueTask<ReadOnlyMemory<byte>> ReadSlowlyAsync()
    {
        while (true)
        {
            if (!await FillAsync()) throw Failure!;
            if (TryNext(out ReadOnlyMemory<byte> slice)) return slice;
        }
    }

    private async ValueTask<bool> FillAsync()
    {
        TimeSpan left = settings.Timeouts.Content - clock.GetElapsedTime(began);
        if (left <= TimeSpan.Zero)
        {
            Fail(timeout(), "the content took too long");
            return false;
        }

        wire.SetDeadline(left < settings.Timeouts.DataBlock ? left : settings.Timeouts.DataBlock);
        try
        {
            if (await wire.FillAsync(isIdle: false)) return true;
            Fail(null, "the peer is gone");
            return false;
        }
        catch (OperationCanceledException) when (wire.HasTimedOut)
        {
            Fail(timeout(), "read timeout");
            return false;
        }
        finally
        {
            wire.SetDeadline(Timeout.InfiniteTimeSpan);
        }
    }
}
