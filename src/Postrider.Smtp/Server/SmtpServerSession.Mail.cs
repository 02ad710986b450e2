using Postrider.Mail;
using Postrider.Smtp.Grammar;

namespace Postrider.Smtp.Server;

internal sealed partial class SmtpServerSession
{
    private IMailTransaction? transaction;
    private ReversePath reversePath = ReversePath.Null;
    private int recipients;
    private int badRecipients;
    private int recipientOctets;

    private bool AllowsDsn => !settings.Privacy.HasFlag(SmtpPrivacy.NoReceipts) && !facts.Features.NoDsn;

    private async ValueTask<SmtpReply?> MailAsync(SmtpCommand command)
    {
        // sendmail 8.17, oracle 26: M=a refuses MAIL before it looks at the argument.
        if ((facts.Listener is { RequiresAuth: true, NoAuth: false } || facts.Features.RequiresAuth) && facts.Auth is null) return SmtpReplies.AuthRequired;
        if (!MailArgument.TryParse(command.Argument, AllowsDsn, out MailArgument? mail, out SmtpReply? error)) return error;
        if (settings.MaxMessageSize > 0 && mail.Parameters.Size > settings.MaxMessageSize) return SmtpReplies.DeclaredTooBig(settings.MaxMessageSize);
        if (mail.Parameters.DeliverBy is { ReturnWhenLate: true } by && by.Within.TotalSeconds < settings.DeliverByMin)
        {
            return SmtpReplies.DeliverByTooShort(by.Within.TotalSeconds, settings.DeliverByMin);
        }

        MailAnswer answer = await handler.MailAsync(mail.Path, mail.Parameters, wire.Token);
        if (answer.Reply.IsPositive != answer.Transaction is not null)
        {
            if (answer.Transaction is not null) await answer.Transaction.DisposeAsync();
            throw new InvalidOperationException($"the handler answered MAIL with {answer.Reply} and {(answer.Transaction is null ? "no" : "a")} transaction");
        }

        transaction = answer.Transaction;
        reversePath = mail.Path;
        recipients = badRecipients = recipientOctets = 0;
        if (transaction is not null) noopBrake.Release();
        return answer.Reply;
    }

    private async ValueTask<SmtpReply?> RcptAsync(SmtpCommand command)
    {
        if (settings.BadRcptShutdown > 0 && badRecipients >= settings.BadRcptShutdown) return SmtpReplies.TooManyBadRecipients(settings.HostName);
        if (settings.BadRcptThrottle > 0 && badRecipients >= settings.BadRcptThrottle) await PauseAsync(TimeSpan.FromSeconds(1));
        if (recipients >= (settings.MaxRecipients > 0 ? settings.MaxRecipients : settings.RecipientCeiling)) return SmtpReplies.TooManyRecipients;
        if (recipientOctets + command.Line.Length > settings.MaxRecipientOctets) return SmtpReplies.TooManyRecipients;
        if (!RcptArgument.TryParse(command.Argument, AllowsDsn, out RcptArgument? rcpt, out SmtpReply? error)) return error;
        SmtpReply reply = await transaction!.RecipientAsync(rcpt.Path, rcpt.Parameters, wire.Token);
        if (reply.IsPositive)
        {
            recipients++;
            recipientOctets += command.Line.Length;
        }
        else if (reply.IsPermanent) badRecipients++;
        return reply;
    }

    private async ValueTask DropTransactionAsync()
    {
        if (transaction is not { } open) return;
        transaction = null;
        recipients = 0;
        try
        {
            await open.DisposeAsync();
        }
        catch (Exception e)
        {
            // Rolling back is the transaction's own business; that it failed must not cost the peer its reply.
            handler.Faulted("", e);
        }
    }
}
