using System.Buffers;
using System.Text;
using Postrider.Mail;

namespace Postrider.Smtp.Client;

/// <remarks>
/// A mail transaction: (1) what can be told without the peer, (2) the commands up to DATA, as one group where PIPELINING is offered and one by one otherwise,
/// (3) the content, (4) its reply, or under LMTP one reply per accepted recipient.
/// </remarks>
public sealed partial class SmtpClientSession
{
    /// <summary>A group ends when this much is gathered: it then fits into what TCP buffers between two hosts, so both sides cannot wait for each other (RFC 2920 §3.1).</summary>
    private const int GroupOctets = 8192;

    /// <summary>And after this many commands, because their replies must fit as well.</summary>
    private const int GroupCommands = 100;

    /// <summary>How long the answer to the final dot is waited for once the caller wants to stop. Ours: long enough for a peer that answers at all.</summary>
    private static readonly TimeSpan LateCancellation = TimeSpan.FromSeconds(10);

    private static readonly SmtpReply eightBitRefused = SmtpReply.Of(554, "5.6.3", "8-bit content, and the next hop does not offer 8BITMIME");
    private static readonly SmtpReply badReversePath = SmtpReply.Of(553, "5.1.7", "the reverse-path cannot be written as a path");
    private static readonly SmtpReply badForwardPath = SmtpReply.Of(553, "5.1.3", "the address cannot be written as a path");

    /// <summary>Offers one message to the peer. The session must be open and usable.</summary>
    /// <remarks>Whatever the peer said before the connection was lost is in the result. From the second transaction on RSET goes first.</remarks>
    /// <exception cref="OperationCanceledException">Cancelled before the final dot was sent: nobody has the message, and the connection is lost.</exception>
    /// <exception cref="IOException">The content could not be read: nobody has the message, and the connection is lost.</exception>
    public async ValueTask<SmtpTransactionResult> SendAsync(SmtpClientMessage message, CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = Bind(cancellationToken);
        TransactionState state = new(message);

        // :: 1. What cannot be sent to this peer at all
        if (await RefusedHereAsync(state, cancellationToken)) return state.Result();

        // Opened before anything is said: a content that cannot be read must not leave the peer waiting in DATA.
        await using Stream content = await message.OpenContent(cancellationToken);
        try
        {
            // :: 2. Up to 354
            if (!await NegotiateAsync(state, cancellationToken)) return state.Result();

            // :: 3. and 4. RFC 2920 §3.1: a 354 although every RCPT failed is answered with the end mark alone.
            if (state.Accepted == 0) await CommandAsync(".\r\n", SmtpClientPhase.ContentEnd, cancellationToken);
            else await ContentAsync(state, content, registration, cancellationToken);
        }
        catch (SmtpProtocolException e)
        {
            state.Loss = e;
        }
        catch
        {
            isLost = true;
            throw;
        }

        return state.Result();
    }

    private async ValueTask<bool> RefusedHereAsync(TransactionState state, CancellationToken cancellationToken)
    {
        SmtpClientMessage message = state.Message;
        if (!SmtpCommandText.IsSafePath(message.ReversePath.Address))
        {
            state.SettleOpen(new SmtpRecipientResult(badReversePath, SmtpClientPhase.Mail, IsLocal: true));
            return true;
        }

        for (int i = 0; i < state.Results.Length; i++)
        {
            string address = message.Recipients[i].Address;
            if (address.Length > 0 && SmtpCommandText.IsSafePath(address))
            {
                if (settings.Policy is { } policy && await policy.RecipientAsync(address, cancellationToken) is { } refusal)
                    state.Results[i] = new SmtpRecipientResult(refusal, SmtpClientPhase.Rcpt, IsLocal: true);
                else state.Order.Add(i);
            }
            else state.Results[i] = new SmtpRecipientResult(badForwardPath, SmtpClientPhase.Rcpt, IsLocal: true);
        }

        if (state.Order.Count == 0) return true;

        // RFC 6152 §3: declared 8BITMIME must not go to a peer without it unconverted. Undeclared goes as it is: sendmail's EightBitMode p, its default (oracle 52).
        // Differs from sendmail: it converts; until we do, only content that is in fact 7-bit passes, and other content is refused for good.
        if (message.Parameters.Body != BodyType.EightBitMime || Extensions.EightBitMime || await IsSevenBitAsync(message, cancellationToken)) return false;
        state.SettleOpen(new SmtpRecipientResult(eightBitRefused, SmtpClientPhase.Mail, IsLocal: true));
        return true;
    }

    private static async ValueTask<bool> IsSevenBitAsync(SmtpClientMessage message, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(65536);
        try
        {
            await using Stream content = await message.OpenContent(cancellationToken);
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (!Ascii.IsValid(buffer.AsSpan(0, read))) return false;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>RSET, MAIL, RCPT, DATA. True: the peer said 354.</summary>
    private async ValueTask<bool> NegotiateAsync(TransactionState state, CancellationToken cancellationToken)
    {
        // Commands are numbered: -1 RSET, 0 MAIL, 1 to n RCPT, n+1 DATA.
        int data = state.Order.Count + 1;
        int next = Transactions++ > 0 ? -1 : 0;
        int answered = next;
        while (answered <= data)
        {
            while (next <= data && (next == answered || (Extensions.Pipelining && writer.Buffered < GroupOctets && next - answered < GroupCommands)))
            {
                // When every RCPT is answered and none was accepted there is nothing to say DATA for.
                if (next == data && answered == data && state.Accepted == 0) return false;
                AppendCommand(state, next++, data);
            }

            await FlushAsync(PhaseOf(answered, data), cancellationToken);
            while (answered < next)
            {
                SmtpReply reply = await ReplyAsync(PhaseOf(answered, data), cancellationToken);
                if (Take(state, answered++, data, reply) is { } goOn) return goOn;
            }

            if (state.MailRefused) return false;
        }

        return true;
    }

    private void AppendCommand(TransactionState state, int number, int data)
    {
        if (number < 0) writer.Append("RSET\r\n"u8);
        else if (number == 0) SmtpCommandText.AppendMail(writer, state.Message, Extensions);
        else if (number < data) SmtpCommandText.AppendRcpt(writer, state.Message.Recipients[state.Order[number - 1]], Extensions);
        else writer.Append("DATA\r\n"u8);
    }

    private static SmtpClientPhase PhaseOf(int number, int data) => number < 0 ? SmtpClientPhase.Rset
        : number == 0 ? SmtpClientPhase.Mail
        : number < data ? SmtpClientPhase.Rcpt
        : SmtpClientPhase.Data;

    /// <summary>Takes the reply to one command. Null: go on; otherwise the negotiation ends, true with 354.</summary>
    private bool? Take(TransactionState state, int number, int data, SmtpReply reply)
    {
        SmtpClientPhase phase = PhaseOf(number, data);
        if (reply.Code == 421)
        {
            // RFC 5321 §3.8: it closes now; this is its answer to everything that it has not answered.
            state.SettleOpen(new SmtpRecipientResult(reply, phase));
            return false;
        }

        switch (phase)
        {
            // A peer that does not even take RSET is in no state to begin a transaction in; another connection may be.
            case SmtpClientPhase.Rset when reply.Code != 250:
                isLost = true;
                throw new SmtpProtocolException(SmtpConnectionLoss.BadReply, phase, $"RSET was answered {reply.Code}");
            case SmtpClientPhase.Mail when !reply.IsPositive || reply.Code / 100 != 2:
                state.MailRefused = true;
                state.SettleOpen(new SmtpRecipientResult(NotAnAnswer(reply), phase));
                break;
            case SmtpClientPhase.Rcpt when !state.MailRefused:
                int recipient = state.Order[number - 1];
                bool accepted = reply.Code / 100 == 2;
                state.Results[recipient] = new SmtpRecipientResult(accepted ? null : NotAnAnswer(reply), phase);
                if (accepted) state.Accepted++;
                break;
            case SmtpClientPhase.Data:
                if (reply.Code == 354) return true;
                state.SettleOpen(new SmtpRecipientResult(NotAnAnswer(reply), phase));
                return false;
        }

        return null;
    }

    private async ValueTask ContentAsync(TransactionState state, Stream content, CancellationTokenRegistration registration, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(65536);
        try
        {
            writer.BeginContent();
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0) await ContentSliceAsync(buffer.AsMemory(0, read), cancellationToken);
            writer.EndContent();

            // From here on the peer may have it all: a cancellation no longer ends the session at once, it only shortens the wait for the answer.
            await registration.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            state.MayDuplicate = true;
            await using CancellationTokenRegistration late = cancellationToken.UnsafeRegister(static session => ((SmtpClientSession)session!).HurryUp(), this);
            await FlushAsync(SmtpClientPhase.Content, CancellationToken.None);
            await FinalRepliesAsync(state);
            state.MayDuplicate = false;
        }
        catch (SmtpProtocolException e) when (IsRefusedMidway(e))
        {
            await LastWordAsync(state);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsRefusedMidway(SmtpProtocolException e) => e.Loss == SmtpConnectionLoss.Closed && e.Phase == SmtpClientPhase.Content;

    private void HurryUp()
    {
        hurried = true;
        phaseTimer.Change(LateCancellation, Timeout.InfiniteTimeSpan);
    }

    private async ValueTask FinalRepliesAsync(TransactionState state)
    {
        if (!settings.IsLmtp)
        {
            SmtpReply reply = await ReplyAsync(SmtpClientPhase.ContentEnd, CancellationToken.None);
            state.SettleOpen(new SmtpRecipientResult(Final(reply), SmtpClientPhase.ContentEnd));
            return;
        }

        // RFC 2033 §4.2: one reply for each RCPT that was accepted, in their order.
        foreach (int recipient in state.Order)
        {
            if (state.Results[recipient].Reply is not null) continue;
            SmtpReply reply = await ReplyAsync(SmtpClientPhase.ContentEnd, CancellationToken.None);
            state.Results[recipient] = new SmtpRecipientResult(Final(reply), SmtpClientPhase.ContentEnd);
            if (reply.Code != 421) continue;
            state.SettleOpen(new SmtpRecipientResult(reply, SmtpClientPhase.ContentEnd));
            return;
        }
    }

    private static SmtpReply Final(SmtpReply reply) => reply.Code / 100 == 2 ? reply : NotAnAnswer(reply);

    /// <summary>A peer may refuse and close in the middle of the content (a size limit, a filter): what it said before is its answer, if it can still be read.</summary>
    private async ValueTask LastWordAsync(TransactionState state)
    {
        try
        {
            SmtpReply reply = await ReplyAsync(SmtpClientPhase.ContentEnd, CancellationToken.None);
            if (reply.Code < 400) return;
            state.SettleOpen(new SmtpRecipientResult(reply, SmtpClientPhase.ContentEnd));
            state.MayDuplicate = false;
        }
        catch (SmtpProtocolException)
        {
            // It said nothing.
        }
    }

    private async ValueTask ContentSliceAsync(ReadOnlyMemory<byte> slice, CancellationToken cancellationToken)
    {
        phaseTimer.Change(settings.Timeouts.DataBlock, Timeout.InfiniteTimeSpan);
        try
        {
            await writer.WriteContentAsync(slice, life.Token);
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw Lost(e, SmtpClientPhase.Content, cancellationToken);
        }
        finally
        {
            phaseTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
