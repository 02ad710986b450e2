using System.Runtime.InteropServices;
using Postrider.Mail;

namespace Postrider.Mta.Delivery;

/// <summary>A mailbox could not be written. Always temporary: what is wrong with a file system, an operator mends, and the mail then arrives.</summary>
public sealed class MaildirException(string operation, string name, int error) : Exception($"{operation} {name}: {Marshal.GetPInvokeErrorMessage(error)}")
{
    // Linux errno, the same on every processor family .NET runs on.
    public const int NoEntry = 2;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int NoSpace = 28;
    public const int Loop = 40;
    public const int QuotaExceeded = 122;

    public int Error { get; } = error;

    /// <summary>RFC 3463 §3: 4.2.2 mailbox full, 4.3.1 system full, 4.3.5 misconfigured, 4.3.0 otherwise.</summary>
    public EnhancedStatusCode Status => Error switch
    {
        QuotaExceeded => new(4, 2, 2),
        NoSpace => new(4, 3, 1),
        Loop or NotDirectory => new(4, 3, 5),
        _ => new(4, 3, 0),
    };
}
