using System.Globalization;
using Postrider.Mail;
using Postrider.Mta.Routing;

namespace Postrider.Mta.Receiving;

/// <summary>The replies of receiving, in sendmail's words (oracle 01, 03, 05, 10, 40).</summary>
internal static class ReceivingReplies
{
    private static readonly EnhancedStatusCode SenderOkStatus = new(2, 1, 0);
    private static readonly EnhancedStatusCode RecipientOkStatus = new(2, 1, 5);
    private static readonly EnhancedStatusCode AcceptedStatus = new(2, 0, 0);

    public static SmtpReply HeloFirst { get; } = SmtpReply.Of(503, "5.0.0", "Polite people say HELO first").Because(ReasonKind.Configuration, "PrivacyOptions=needmailhelo");

    public static SmtpReply TooManyRecipients { get; } = SmtpReply.Of(452, "4.5.3", "Too many recipients").Because(ReasonKind.Limit, "MaxRecipientsPerMessage");

    public static SmtpReply NotNow { get; } = SmtpReply.Of(451, "4.3.0", "Temporary system failure. Please try again later.");

    public static SmtpReply ExpandsTooFar { get; } = SmtpReply.Of(552, "5.5.3", "Too many recipients");

    public static SmtpReply CannotVerify { get; } =
        SmtpReply.Of(252, "2.5.2", "Cannot VRFY user; try RCPT to attempt delivery (or try finger)").Because(ReasonKind.Configuration, "PrivacyOptions=novrfy");

    public static SmtpReply ArgumentRequired { get; } = SmtpReply.Of(501, "5.5.2", "Argument required");

    public static SmtpReply ParameterRequired { get; } = SmtpReply.Of(500, "5.5.2", "Parameter required");

    /// <summary>To the sender it has gone well: the site wants the message dropped in silence.</summary>
    public static SmtpReply SenderOk(string written) => new(250, SenderOkStatus, written + "... Sender ok");

    public static SmtpReply RecipientOk(string written) => new(250, RecipientOkStatus, written + "... Recipient ok");

    public static SmtpReply Accepted(string queueId) => new(250, AcceptedStatus, queueId + " Message accepted for delivery");

    public static SmtpReply Refused(int code, EnhancedStatusCode status, string? written, string text) =>
        new(code, status, written is not null && code is 450 or 550 or 553 ? written + "... " + text : text);

    /// <summary>An address that leads nowhere.</summary>
    public static SmtpReply Refused(RouteVerdict route, string? written) => Refused(route.Code, route.Status, written, route.Text) with { Reasons = route.Reasons };

    public static SmtpReply SizeDeclaredTooLarge(long max) => SmtpReply.Of(552, "5.2.3", string.Create(
        CultureInfo.InvariantCulture, $"Message size exceeds fixed maximum message size ({max})")).Because(ReasonKind.Limit, "MaxMessageSize");

    public static SmtpReply MessageTooLarge(long max) => SmtpReply.Of(552, "5.2.3", string.Create(
        CultureInfo.InvariantCulture, $"Message exceeds maximum fixed size ({max})")).Because(ReasonKind.Limit, "MaxMessageSize");

    public static SmtpReply HeadersTooLarge(int max) => SmtpReply.Of(552, "5.6.0", string.Create(
        CultureInfo.InvariantCulture, $"Headers too large ({max} max)")).Because(ReasonKind.Limit, "MaxHeadersLength");

    /// <remarks>Differs from sendmail: there a looping message is taken and bounced (oracle 40); refused, its sender hears it at once and nobody makes backscatter.</remarks>
    public static SmtpReply TooManyHops(int hops, int max) => SmtpReply.Of(554, "5.4.6", string.Create(
        CultureInfo.InvariantCulture, $"Too many hops {hops} ({max} max)")).Because(ReasonKind.Limit, "MaxHopCount");

    public static SmtpReply StoreUnavailable(Queue.QueueStoreUnavailableException e) => (e.IsDiskFull
        ? SmtpReply.Of(452, "4.3.1", "Insufficient disk space; try again later")
        : SmtpReply.Of(451, "4.3.0", "Temporary system failure. Please try again later.")).Because(ReasonKind.Queue, e.Message);

    public static SmtpReply QueueRunStarted(string node) => SmtpReply.Of(250, "2.0.0", $"Queuing for node {node} started");

    public static SmtpReply QueueUnknown(string group) => SmtpReply.Of(459, "4.5.4", $"Queue {group} unknown");
}
