using System.Net;
using Postrider.Smtp.Client;

namespace Postrider.Mta.Delivery;

/// <summary>What an SMTP or LMTP mailer is allowed.</summary>
public sealed record SmtpDeliverySettings
{
    public required SmtpClientSettings Client { get; init; }

    /// <summary>What the house wants of a new connection, by name and address of the server; null, or a null answer: nothing.</summary>
    public Func<string, IPAddress, ISmtpClientPolicy?>? Policy { get; init; }

    /// <summary><c>Timeout.connect</c>, for one address. Default 30 seconds: the next one may answer.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where a destination names no port: the second word behind <c>TCP</c> in A=. Default 25.</summary>
    public int Port { get; init; } = 25;

    /// <summary>The mailer's <c>r=</c>: recipients per mail transaction, 100 as sendmail's SMTP mailers have.</summary>
    public int MaxRecipients { get; init; } = 100;
}
