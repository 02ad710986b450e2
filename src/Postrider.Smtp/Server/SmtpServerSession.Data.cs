using Postrider.Mail;

namespace Postrider.Smtp.Server;

internal sealed partial class SmtpServerSession
{
    /// <summary>DATA. Whatever the end is, the transaction is over: nothing of it can reach the next one.</summary>
    private async ValueTask<SmtpReply?> DataAsync()
    {
        try
        {
            if (await transaction!.DataAsync(wire.Token) is { } refusal) return refusal;
            Say("DATA", SmtpReplies.StartData);
            return await ReceiveAsync(transaction);
        }
        finally
        {
            wire.SetDeadline(Timeout.InfiniteTimeSpan);
            await DropTransactionAsync();
        }
    }

    private async ValueTask<SmtpReply?> ReceiveAsync(IMailTransaction open)
    {
        string sender = facts.ClientName, from = reversePath.ToString();
        DotStuffedContent content = new(wire, settings, server.Clock, () => SmtpReplies.ContentTimeout(sender, from));
        SmtpReply? reply;
        try
        {
            reply = await open.ReceiveAsync(content, wire.Token);
        }
        catch (SmtpContentException e)
        {
            reply = e.Reply;
        }
        catch (OperationCanceledException) when (wire.Token.IsCancellationRequested && !wire.HasTimedOut)
        {
            throw;
        }
        catch (Exception e)
        {
            reply = content.Failure is null ? Faulted("DATA", e) : null;
        }

        // The rest is read before the reply: a peer that still writes would not see it, and what it writes must not become commands.
        bool ended = wire.HasTimedOut || wire.IsLost ? content.HasEnded : content.HasEnded || await DropAsync(content);
        trace?.Event($"{content.Octets} octets of content");

        // Content that may not be accepted is not, whatever the transaction made of it.
        if (content.Failure is { } failure && (reply is null || reply.IsPositive)) reply = failure.Reply;
        isClosing |= !ended || wire.IsLost;
        if (reply is { IsPositive: true } && !ended) reply = SmtpReplies.Internal;
        if (reply is { IsPositive: true }) commandsWithoutMessage = 0;
        return reply;
    }

    private async ValueTask<bool> DropAsync(DotStuffedContent content)
    {
        try
        {
            return await content.DropAsync();
        }
        catch (OperationCanceledException) when (wire.HasTimedOut)
        {
            return false;
        }
    }
}
