using System.Globalization;

namespace Postrider.Mail;

/// <summary>A reply: code, enhanced status, the lines for the peer and, apart from them, the reason for the operator.</summary>
/// <remarks>
/// RFC 5321 §4.2; enhanced status as in RFC 2034 §4: one status, repeated on each line. Immutable and thread-safe.
/// <see cref="Lines"/> never contain CR or LF: the constructor refuses them, so text taken from a peer cannot split a reply.
/// </remarks>
public sealed record SmtpReply
{
    /// <param name="code">200 to 599.</param>
    /// <param name="status">Null where RFC 2034 forbids one (greeting, HELO/EHLO, 3yz) or none is known.</param>
    /// <param name="lines">At least one line of text, without the code.</param>
    /// <exception cref="ArgumentException">A line holds CR, LF or NUL, or there is no line.</exception>
    public SmtpReply(int code, EnhancedStatusCode? status, params IReadOnlyList<string> lines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 599);
        if (lines.Count == 0) throw new ArgumentException("a reply has at least one line", nameof(lines));
        foreach (string line in lines)
        {
            if (line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) throw new ArgumentException("a reply line holds CR, LF or NUL", nameof(lines));
        }

        Code = code;
        Status = status;
        Lines = lines;
    }

    public int Code { get; }

    public EnhancedStatusCode? Status { get; }

    public IReadOnlyList<string> Lines { get; }

    /// <summary>Why, for the operator. Never sent.</summary>
    public ReasonChain Reasons { get; init; } = ReasonChain.None;

    /// <summary>The session ends after this reply (every 421, and the few others that sendmail closes after).</summary>
    public bool ClosesSession { get; init; }

    public string Text => Lines[0];

    public bool IsPositive => Code < 400;

    public bool IsTransient => Code is >= 400 and < 500;

    public bool IsPermanent => Code >= 500;

    public SmtpReply Because(ReasonKind kind, string text) => this with { Reasons = Reasons.Then(kind, text) };

    /// <summary>A one-line reply from code and status, for example <c>Of(250, "2.1.0", "ok")</c>. Status null: none.</summary>
    public static SmtpReply Of(int code, string? status, string text) =>
        new(code, status is null ? null : EnhancedStatusCode.TryParse(status, out EnhancedStatusCode parsed) ? parsed : throw new ArgumentException("not an enhanced status code", nameof(status)), text);

    /// <summary>The reply in one line as logs show it: <c>550 5.1.1 text</c>.</summary>
    public override string ToString() => Status is { } status
        ? string.Create(CultureInfo.InvariantCulture, $"{Code} {status} {Text}")
        : string.Create(CultureInfo.InvariantCulture, $"{Code} {Text}");
}
