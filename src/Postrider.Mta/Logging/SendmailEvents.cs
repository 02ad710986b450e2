using Microsoft.Extensions.Logging;

namespace Postrider.Mta.Logging;

/// <summary>The kinds of log lines with their numbers. A number never changes its meaning; 3000 to 3999 are syslog's <c>notice</c>.</summary>
public static class SendmailEvents
{
    public static readonly EventId DaemonStarting = new(1000, nameof(DaemonStarting));
    public static readonly EventId StartedAs = new(1001, nameof(StartedAs));
    public static readonly EventId DaemonStopping = new(1002, nameof(DaemonStopping));
    public static readonly EventId Connect = new(1010, nameof(Connect));
    public static readonly EventId NothingIssued = new(1011, nameof(NothingIssued));
    public static readonly EventId Query = new(1012, nameof(Query));
    public static readonly EventId PossibleAttack = new(1013, nameof(PossibleAttack));
    public static readonly EventId ConnectionsRefused = new(1014, nameof(ConnectionsRefused));
    public static readonly EventId From = new(1020, nameof(From));
    public static readonly EventId To = new(1021, nameof(To));
    public static readonly EventId Notification = new(1022, nameof(Notification));
    public static readonly EventId Expansion = new(1023, nameof(Expansion));
    public static readonly EventId Discarded = new(1024, nameof(Discarded));
    public static readonly EventId StartTls = new(1030, nameof(StartTls));
    public static readonly EventId StartTlsCertificate = new(1031, nameof(StartTlsCertificate));
    public static readonly EventId Auth = new(1040, nameof(Auth));
    public static readonly EventId Dialogue = new(1050, nameof(Dialogue));
    public static readonly EventId Info = new(1090, nameof(Info));
    public static readonly EventId ByRule = new(1091, nameof(ByRule));
    public static readonly EventId StartTlsFailed = new(2030, nameof(StartTlsFailed));
    public static readonly EventId AuthFailed = new(2040, nameof(AuthFailed));
    public static readonly EventId Warning = new(2090, nameof(Warning));
    public static readonly EventId RecipientRefused = new(3000, nameof(RecipientRefused));
    public static readonly EventId RulesetReject = new(3001, nameof(RulesetReject));
    public static readonly EventId LostInput = new(3002, nameof(LostInput));
    public static readonly EventId Notice = new(3090, nameof(Notice));
    public static readonly EventId ByRuleNotice = new(3091, nameof(ByRuleNotice));
    public static readonly EventId SysErr = new(4000, nameof(SysErr));
    public static readonly EventId Verdict = new(5000, nameof(Verdict));

    /// <summary>syslog severity (RFC 5424 §6.2.1): 2 critical, 3 error, 4 warning, 5 notice, 6 informational, 7 debug.</summary>
    public static int Severity(LogLevel level, EventId eventId) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => eventId.Id is >= 3000 and < 4000 ? 5 : 6,
        _ => 7,
    };
}
