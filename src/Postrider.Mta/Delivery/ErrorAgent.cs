using System.Globalization;
using Postrider.Mail;

namespace Postrider.Mta.Delivery;

/// <summary>sendmail's error mailer, <c>$#error $@ code $: text</c>: the host is a status or a name of one, the user is the text, which may begin with a reply code.</summary>
public sealed class ErrorAgent : IDeliveryAgent
{
    public ValueTask<IReadOnlyList<RecipientOutcome>> DeliverAsync(DeliveryAttempt attempt, CancellationToken cancellationToken) =>
        new([.. attempt.Recipients.Select(r => Outcome(attempt.Host, r))]);

    private static RecipientOutcome Outcome(string host, DeliveryRecipient recipient)
    {
        ReadOnlySpan<char> text = recipient.User.AsSpan().Trim().Trim('"').Trim();
        int? code = text.Length >= 3 && int.TryParse(text[..3], NumberStyles.None, CultureInfo.InvariantCulture, out int digits) && digits is >= 400 and <= 599
            && (text.Length == 3 || text[3] == ' ') ? digits : null;
        if (code is not null) text = text[3..].Trim();

        // The status in the text is the more exact one; then $@; then the class of the code.
        int read = EnhancedStatusCode.TryParsePrefix(text, out EnhancedStatusCode status);
        if (read > 0) text = text[read..].Trim();
        else if (!EnhancedStatusCode.TryParse(host, out status)) status = Named(host) ?? new EnhancedStatusCode((code ?? 554) / 100, 0, 0);
        bool isTransient = code is { } c ? c < 500 : status.IsTransient;
        if (status.IsSuccess || status.IsTransient != isTransient) status = status with { Class = isTransient ? 4 : 5 };
        string words = text.IsEmpty ? StatusText.For(status) : Clean(text);
        return new RecipientOutcome(recipient.Number, isTransient ? OutcomeKind.Deferred : OutcomeKind.Failed, status, isTransient && !text.IsEmpty ? "Deferred: " + words : words)
        {
            Reasons = ReasonChain.Of(ReasonKind.Configuration, $"routed to the error mailer: {host} {Clean(recipient.User)}"),
        };
    }

    /// <summary>The words that sendmail takes for <c>$@</c> (its operations guide, the error mailer).</summary>
    private static EnhancedStatusCode? Named(string host) => host.ToLowerInvariant() switch
    {
        "usage" => new(5, 5, 4),
        "nouser" => new(5, 1, 1),
        "nohost" => new(5, 1, 2),
        "unavailable" => new(5, 0, 0),
        "software" or "config" => new(5, 3, 5),
        "tempfail" => new(4, 0, 0),
        "protocol" => new(5, 5, 0),
        "dataerr" => new(5, 6, 0),
        _ => null,
    };

    private static string Clean(ReadOnlySpan<char> text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (int i = 0; i < target.Length; i++) target[i] = char.IsControl(source[i]) ? '?' : source[i];
    });
}
