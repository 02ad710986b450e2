using Postrider.Mail;

namespace Postrider.Smtp.Client;

/// <summary>One message for one peer: what a mail transaction needs.</summary>
public sealed record SmtpClientMessage
{
    public required ReversePath ReversePath { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<SmtpClientRecipient> Recipients { get; init; }

    /// <summary>Each is sent only if the peer offers the extension that defines it.</summary>
    public MailParameters Parameters { get; init; } = MailParameters.None;

    /// <summary>Opens the content from its beginning: lines ending in CRLF, no dot-stuffing. Called up to twice (once to look for 8-bit octets).</summary>
    public required Func<CancellationToken, ValueTask<Stream>> OpenContent { get; init; }
}
