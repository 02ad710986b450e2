namespace Postrider.Smtp.Client;

/// <summary>How long each phase may last; the defaults of sendmail 8.17 (<c>O Timeout.*</c>). <see cref="Timeout.InfiniteTimeSpan"/>: no limit.</summary>
public sealed record SmtpClientTimeouts
{
    public TimeSpan Initial { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan Helo { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan StartTls { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan Auth { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan Rset { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan Mail { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan Rcpt { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan DataInit { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan DataBlock { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan DataFinal { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan Quit { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan For(SmtpClientPhase phase) => phase switch
    {
        SmtpClientPhase.Greeting => Initial,
        SmtpClientPhase.Helo => Helo,
        SmtpClientPhase.StartTls => StartTls,
        SmtpClientPhase.Auth => Auth,
        SmtpClientPhase.Rset => Rset,
        SmtpClientPhase.Mail => Mail,
        SmtpClientPhase.Rcpt => Rcpt,
        SmtpClientPhase.Data => DataInit,
        SmtpClientPhase.Content => DataBlock,
        SmtpClientPhase.ContentEnd => DataFinal,
        _ => Quit,
    };
}
