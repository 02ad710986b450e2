using System.Globalization;
using Postrider.Mail;
using Postrider.Smtp.Grammar;

namespace Postrider.Smtp.Server;

/// <summary>The session's own replies. Codes and texts: sendmail 8.17, oracle 01, 05, 06, 20, 31, 42, except where a line says otherwise.</summary>
internal static class SmtpReplies
{
    // --- order (SmtpLaw)
    public static readonly SmtpReply PoliteFirst = Law(503, "5.0.0", "Polite people say HELO first");
    public static readonly SmtpReply IntroduceFirst = Law(503, "5.0.0", "I demand that you introduce yourself first");
    public static readonly SmtpReply MailTwice = Law(503, "5.5.0", "Sender already specified");
    public static readonly SmtpReply MailFirst = Law(503, "5.0.0", "Need MAIL before RCPT");
    public static readonly SmtpReply DataNeedsMail = Law(503, "5.0.0", "Need MAIL command");
    public static readonly SmtpReply DataNeedsRcpt = Law(503, "5.0.0", "Need RCPT (recipient)");
    public static readonly SmtpReply TlsInMail = Law(503, "5.5.0", "TLS not permitted during a mail transaction");
    public static readonly SmtpReply AuthInMail = Law(503, "5.5.0", "AUTH not permitted during a mail transaction");
    public static readonly SmtpReply EarlyTalker = Law(554, "5.5.0", "SMTP protocol error");
    public static readonly SmtpReply EarlyTalkerEnds = EarlyTalker with { ClosesSession = true };
    public static readonly SmtpReply Rejected = Law(550, "5.0.0", "Command rejected");

    // --- plain commands
    public static readonly SmtpReply Ok = SmtpReply.Of(250, "2.0.0", "OK");
    public static readonly SmtpReply Reset = SmtpReply.Of(250, "2.0.0", "Reset state");
    public static readonly SmtpReply Verbose = SmtpReply.Of(250, "2.0.0", "Verbose mode");
    public static readonly SmtpReply NoVerbose = Law(502, "5.7.0", "Verbose unavailable");
    public static readonly SmtpReply Sorry = Law(502, "5.7.0", "Sorry, we do not allow this operation");
    public static readonly SmtpReply CannotVerify = SmtpReply.Of(252, "2.5.2", "Cannot VRFY user; try RCPT to attempt delivery (or try finger)");
    public static readonly SmtpReply ArgumentRequired = Law(501, "5.5.2", "Argument required");
    public static readonly SmtpReply ParameterRequired = Law(500, "5.5.2", "Parameter required");
    public static readonly SmtpReply InvalidDomain = Law(501, "5.0.0", "Invalid domain name");
    public static readonly SmtpReply Unrecognized = Law(500, "5.5.1", "Command unrecognized");
    public static readonly SmtpReply NotImplemented = Law(502, "5.5.1", "Command not implemented");

    /// <summary>Ours: sendmail's answer to a CR in the middle of a command is not recorded; two readers could disagree about such a line.</summary>
    public static readonly SmtpReply BareCrInCommand = Law(500, "5.5.2", "Bare carriage return (CR) not allowed");

    // --- content
    public static readonly SmtpReply StartData = SmtpReply.Of(354, null, "End data with <CR><LF>.<CR><LF>");
    public static readonly SmtpReply BareLf = Law(421, "4.5.0", "Bare linefeed (LF) not allowed");
    public static readonly SmtpReply BareCr = Law(421, "4.5.0", "Bare carriage return (CR) not allowed");
    public static readonly SmtpReply Nul = Law(554, "5.6.0", "NUL character not allowed");
    public static readonly SmtpReply Internal = SmtpReply.Of(451, "4.3.0", "Temporary system failure. Please try again later.");
    public static readonly SmtpReply TooManyRecipients = Limit(452, "4.5.3", "Too many recipients");
    public static readonly SmtpReply AuthRequired = SmtpReply.Of(530, "5.7.0", "Authentication required").Because(ReasonKind.Listener, "M=a");

    // --- TLS and AUTH
    public static readonly SmtpReply TlsReady = SmtpReply.Of(220, "2.0.0", "Ready to start TLS");
    public static readonly SmtpReply TlsNoParameters = Law(501, "5.5.2", "Syntax error (no parameters allowed)");
    public static readonly SmtpReply TlsNotOffered = Law(503, "5.5.0", "TLS not available");
    public static readonly SmtpReply TlsUnavailable = Law(454, "4.3.3", "TLS not available after start");
    public static readonly SmtpReply AuthNoMechanism = Law(501, "5.5.2", "AUTH mechanism must be specified");
    public static readonly SmtpReply AuthNotOffered = Law(503, "5.3.3", "AUTH not available");
    public static readonly SmtpReply AuthTwice = Law(503, "5.5.0", "Already Authenticated");
    public static readonly SmtpReply AuthAborted = Law(501, "5.0.0", "AUTH aborted");
    public static readonly SmtpReply AuthOk = SmtpReply.Of(235, "2.0.0", "OK Authenticated");
    public static readonly SmtpReply AuthFailed = SmtpReply.Of(535, "5.7.0", "authentication failed");
    public static readonly SmtpReply AuthTemporary = SmtpReply.Of(454, "4.7.0", "Temporary authentication failure");

    public static SmtpReply Echoed(this SmtpReply reply, string line) =>
        SmtpReply.Of(reply.Code, reply.Status?.ToString(), $"{reply.Text}: \"{SmtpEcho.Of(line)}\"") with { Reasons = reply.Reasons };

    public static SmtpReply HeloNeedsDomain(string verb) => Law(501, "5.0.0", $"{verb} requires domain address");

    public static SmtpReply Goodbye(string host) => SmtpReply.Of(221, "2.0.0", $"{host} closing connection") with { ClosesSession = true };

    public static SmtpReply OpenProxy(string host, string relay) => Law(421, "4.7.0", $"{host} Rejecting open proxy {relay}");

    public static SmtpReply TooLong(string host, string relay) => Limit(421, "4.7.0", $"{host} Command too long, possible attack {relay}");

    public static SmtpReply TooManyBad(string host) => Limit(421, "4.7.0", $"{host} Too many bad commands; closing connection");

    public static SmtpReply TooManyBadRecipients(string host) => Limit(421, "4.7.0", $"{host} Too many bad recipients; closing connection");

    /// <summary>Ours; sendmail has no such limit.</summary>
    public static SmtpReply TooManyCommands(string host) => Limit(421, "4.7.0", $"{host} Too many commands; closing connection");

    /// <summary>Ours: sendmail closes in silence (oracle 42). RFC 5321 §3.8 wants a 421 before the server closes of its own will.</summary>
    public static SmtpReply CommandTimeout(string host) => Limit(421, "4.4.2", $"{host} Timeout waiting for input; closing connection");

    public static SmtpReply ContentTimeout(string client, string from) =>
        Limit(421, "4.4.1", $"collect: relay={client}, from={SmtpEcho.Of(from)}, info=read timeout");

    public static SmtpReply ShuttingDown(string host) => SmtpReply.Of(421, "4.3.2", $"{host} Service shutting down; closing connection") with { ClosesSession = true };

    /// <summary>Declared by SIZE= (oracle 05).</summary>
    public static SmtpReply DeclaredTooBig(long max) =>
        Limit(552, "5.2.3", string.Create(CultureInfo.InvariantCulture, $"Message size exceeds fixed maximum message size ({max})"));

    /// <summary>Found so while reading (oracle 40).</summary>
    public static SmtpReply TooBig(long max) =>
        Limit(552, "5.2.3", string.Create(CultureInfo.InvariantCulture, $"Message exceeds maximum fixed size ({max})"));

    public static SmtpReply DeliverByTooShort(double seconds, int min) =>
        Limit(555, "5.5.2", string.Create(CultureInfo.InvariantCulture, $"time {seconds:0} less than {min}"));

    public static SmtpReply AuthNoSuchMechanism(string mechanism) =>
        Law(504, "5.3.3", $"AUTH mechanism {SmtpEcho.Of(mechanism.Length > 32 ? mechanism[..32] : mechanism)} not available");

    public static SmtpReply AuthInitialNotBase64(string text) => Law(501, "5.5.4", $"cannot BASE64 decode '{SmtpEcho.Of(text)}'");

    public static SmtpReply AuthNotBase64(string text) => Law(501, "5.5.4", $"cannot decode AUTH parameter {SmtpEcho.Of(text)}");

    public static SmtpReply HelpUnknown(string topic) => Law(504, "5.3.0", $"HELP topic \"{SmtpEcho.Of(topic.Length > 10 ? topic[..10] : topic)}\" unknown");

    private static SmtpReply Law(int code, string status, string text) =>
        SmtpReply.Of(code, status, text).Because(ReasonKind.Protocol, text) with { ClosesSession = code == 421 };

    private static SmtpReply Limit(int code, string status, string text) =>
        SmtpReply.Of(code, status, text).Because(ReasonKind.Limit, text) with { ClosesSession = code == 421 };
}
