using Postrider.Mail;
using Postrider.Mta.Dns;
using Postrider.Smtp.Client;

namespace Postrider.Mta.Delivery;

/// <summary>From what was said in a mail transaction to what became of a recipient.</summary>
internal static class SmtpOutcomes
{
    public static RecipientOutcome NoHost(int recipient, MxFailure failure, ReasonChain reasons) => failure.Status.IsTransient
        ? new RecipientOutcome(recipient, OutcomeKind.Deferred, failure.Status, "Deferred: " + failure.Message) { Relay = failure.Relay, Reasons = reasons }
        : new RecipientOutcome(recipient, OutcomeKind.Failed, failure.Status, failure.Message) { Relay = failure.Relay, Reasons = reasons };

    public static RecipientOutcome Of(DeliveryRecipient recipient, SmtpRecipientResult said, SmtpTransactionResult result, SmtpConnection connection)
    {
        if (said.Reply is not { } reply) return HostFailure.Lost(connection.Host, connection.Address, result.Loss!).Outcome(recipient.Number, UncertainReasons(result));
        EnhancedStatusCode status = StatusText.StatusOf(reply, said.Phase);
        (OutcomeKind kind, string message) = said.IsAccepted ? (KindOf(connection), $"Sent ({reply.Lines[^1]})")
            : reply.IsPermanent ? (OutcomeKind.Failed, StatusText.ForPermanent(reply, said.Phase))
            : (OutcomeKind.Deferred, "Deferred: " + StatusText.Last(reply));

        // What we refuse ourselves is no word of the remote MTA.
        if (said.IsLocal) return new RecipientOutcome(recipient.Number, kind, status, kind == OutcomeKind.Failed ? "Data format error" : message)
        {
            Relay = connection.Relay,
            Reasons = ReasonChain.Of(ReasonKind.Protocol, reply.Text),
        };

        string joined = StatusText.Joined(reply);
        return new RecipientOutcome(recipient.Number, kind, status, message)
        {
            Relay = connection.Relay,
            RemoteMta = connection.Host.Name,
            RemoteReply = joined,
            Command = CommandOf(recipient, said.Phase),
            Reasons = ReasonChain.Of(ReasonKind.Remote, $"{connection.Relay} said: {joined}"),
        };
    }

    // LMTP delivers finally (RFC 2033 §1); otherwise it matters whether the next hop does DSN (RFC 3461 §5.2.2).
    private static OutcomeKind KindOf(SmtpConnection connection) => connection.Session.IsLmtp ? OutcomeKind.Delivered
        : connection.Session.Extensions.Dsn ? OutcomeKind.Relayed
        : OutcomeKind.RelayedWithoutDsn;

    private static ReasonChain UncertainReasons(SmtpTransactionResult result) => result.MayDuplicate
        ? ReasonChain.Of(ReasonKind.Remote, "the connection was lost after the final dot: the next attempt may duplicate the message (RFC 1047)")
        : ReasonChain.None;

    private static string CommandOf(DeliveryRecipient recipient, SmtpClientPhase phase) => phase switch
    {
        SmtpClientPhase.Mail => "MAIL",
        SmtpClientPhase.Rcpt => $"RCPT To:<{recipient.User}>",
        _ => "DATA",
    };
}
