namespace Postrider.Mta.Configuration;

/// <summary>O Timeout.*, with sendmail's defaults.</summary>
public sealed record TimeoutConfiguration
{
    public TimeSpan Initial { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>0 in sendmail: the kernel's. Ours: 30 seconds for one address, because the next one may answer.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Helo { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan Mail { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan Rcpt { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan DataInit { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan DataBlock { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan DataFinal { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan Rset { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan Quit { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan Command { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan Auth { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan StartTls { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan QueueWarn { get; init; } = TimeSpan.FromHours(4);

    public TimeSpan QueueReturn { get; init; } = TimeSpan.FromDays(5);
}
