using Postrider.Mail;

namespace Postrider.Mta.Dns;

/// <summary>Why there is nobody to give mail to.</summary>
/// <param name="Status">4.4.3 is the temporary one; the others are permanent.</param>
/// <param name="Message">sendmail's <c>stat=</c> text, without <c>Deferred: </c>.</param>
/// <param name="Relay">sendmail's <c>relay=</c>: the destination, with a dot when the DNS knows it.</param>
public sealed record MxFailure(EnhancedStatusCode Status, string Message, string Relay)
{
    /// <summary>For the log at critical level: a mail loop is the operator's business. Null otherwise.</summary>
    public string? Alarm { get; init; }
}
