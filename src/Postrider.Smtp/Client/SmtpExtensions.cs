using System.Globalization;
using Postrider.Mail;

namespace Postrider.Smtp.Client;

/// <summary>The service extensions that the peer offers in its EHLO reply (RFC 5321 §4.1.1.1). Immutable; <see cref="None"/> after HELO.</summary>
public sealed record SmtpExtensions
{
    public static SmtpExtensions None { get; } = new();

    public bool Pipelining { get; init; }

    public bool EnhancedStatusCodes { get; init; }

    public bool EightBitMime { get; init; }

    /// <summary>SIZE (RFC 1870).</summary>
    public bool Size { get; init; }

    /// <summary>The limit that SIZE declares, in octets; 0: none. Only told: sendmail 8.17 sends nevertheless and lets the peer decide (oracle 89, mx14).</summary>
    public long MaxSize { get; init; }

    public bool Dsn { get; init; }

    public bool StartTls { get; init; }

    public bool DeliverBy { get; init; }

    public bool SmtpUtf8 { get; init; }

    public bool Auth { get; init; }

    /// <summary>AUTH mechanisms, in upper case, in the peer's order.</summary>
    public IReadOnlyList<string> AuthMechanisms { get; init; } = [];

    /// <summary>Reads the lines of an EHLO reply; the first is the peer's greeting and is skipped. Unknown keywords are ignored.</summary>
    public static SmtpExtensions Parse(SmtpReply reply)
    {
        SmtpExtensions found = None;
        for (int i = 1; i < reply.Lines.Count; i++) found = found.With(reply.Lines[i]);
        return found;
    }

    private SmtpExtensions With(string line)
    {
        ReadOnlySpan<char> text = line.AsSpan().Trim();
        // "AUTH=LOGIN" is how servers of the drafts before RFC 2554 said it; some still do, beside the proper line.
        int end = text.IndexOfAny(' ', '\t', '=');
        ReadOnlySpan<char> keyword = end < 0 ? text : text[..end];
        ReadOnlySpan<char> arguments = end < 0 ? [] : text[(end + 1)..].Trim();
        if (Is(keyword, "PIPELINING")) return this with { Pipelining = true };
        if (Is(keyword, "ENHANCEDSTATUSCODES")) return this with { EnhancedStatusCodes = true };
        if (Is(keyword, "8BITMIME")) return this with { EightBitMime = true };
        if (Is(keyword, "DSN")) return this with { Dsn = true };
        if (Is(keyword, "STARTTLS")) return this with { StartTls = true };
        if (Is(keyword, "DELIVERBY")) return this with { DeliverBy = true };
        if (Is(keyword, "SMTPUTF8")) return this with { SmtpUtf8 = true };
        if (Is(keyword, "SIZE"))
            return this with { Size = true, MaxSize = long.TryParse(arguments, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : 0 };
        if (!Is(keyword, "AUTH")) return this;
        string[] offered = arguments.ToString().ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return this with { Auth = true, AuthMechanisms = [.. AuthMechanisms.Union(offered, StringComparer.Ordinal)] };
    }

    private static bool Is(ReadOnlySpan<char> keyword, string name) => keyword.Equals(name, StringComparison.OrdinalIgnoreCase);
}
