using System.Text;

namespace Postrider.Smtp.Grammar;

/// <summary>One command line, read the way sendmail reads it. Grammar of arguments is the business of each command.</summary>
/// <param name="Verb">What the line begins with.</param>
/// <param name="Line">The line without its end, as text: 7 bits, cut at a NUL.</param>
/// <param name="Argument">What follows the verb, without blanks at either end.</param>
/// <param name="HadEighthBit">True when an octet of the line had its high bit set.</param>
public readonly record struct SmtpCommand(SmtpVerb Verb, string Line, string Argument, bool HadEighthBit)
{
    /// <summary>The line holds a CR that does not end it, so that two readers could disagree about where the command ends.</summary>
    public bool HasBareCr => Line.Contains('\r', StringComparison.Ordinal);

    /// <param name="octets">The line without its LF; one CR before it is part of the line's end.</param>
    /// <remarks>
    /// sendmail 8.17, oracle 06: verbs in any case, blanks before them skipped, a bare LF ends the line, a NUL cuts it,
    /// octets lose their high bit, and 0xFF vanishes (<c>\xff\xf4\xffNOOP</c> is "tNOOP").
    /// </remarks>
    public static SmtpCommand Parse(ReadOnlySpan<byte> octets)
    {
        if (!octets.IsEmpty && octets[^1] == '\r') octets = octets[..^1];
        int nul = octets.IndexOf((byte)0);
        if (nul >= 0) octets = octets[..nul];
        bool eighth = !Ascii.IsValid(octets);
        string line = eighth ? ToSevenBits(octets) : Encoding.ASCII.GetString(octets);
        ReadOnlySpan<char> text = line.AsSpan().TrimStart(" \t");
        int end = text.IndexOfAny(' ', '\t');
        ReadOnlySpan<char> word = end < 0 ? text : text[..end];
        string argument = end < 0 ? "" : text[end..].Trim(" \t").ToString();
        return new SmtpCommand(VerbOf(word), line, argument, eighth);
    }

    private static SmtpVerb VerbOf(ReadOnlySpan<char> word) => word.Length switch
    {
        4 when Is(word, "MAIL") => SmtpVerb.Mail,
        4 when Is(word, "RCPT") => SmtpVerb.Rcpt,
        4 when Is(word, "DATA") => SmtpVerb.Data,
        4 when Is(word, "EHLO") => SmtpVerb.Ehlo,
        4 when Is(word, "HELO") => SmtpVerb.Helo,
        4 when Is(word, "RSET") => SmtpVerb.Rset,
        4 when Is(word, "NOOP") => SmtpVerb.Noop,
        4 when Is(word, "QUIT") => SmtpVerb.Quit,
        4 when Is(word, "AUTH") => SmtpVerb.Auth,
        4 when Is(word, "HELP") => SmtpVerb.Help,
        4 when Is(word, "VRFY") => SmtpVerb.Vrfy,
        4 when Is(word, "EXPN") => SmtpVerb.Expn,
        4 when Is(word, "VERB") => SmtpVerb.Verb,
        4 when Is(word, "ETRN") => SmtpVerb.Etrn,
        4 when Is(word, "SEND") || Is(word, "SAML") || Is(word, "SOML") || Is(word, "TURN") => SmtpVerb.NotImplemented,
        8 when Is(word, "STARTTLS") => SmtpVerb.StartTls,
        _ => SmtpVerb.Unknown,
    };

    private static bool Is(ReadOnlySpan<char> word, string verb) => word.Equals(verb, StringComparison.OrdinalIgnoreCase);

    /// <summary>An octet whose seven low bits are a control character becomes a question mark: 0x8A must not turn into an LF, which ended no line when it arrived.</summary>
    private static string ToSevenBits(ReadOnlySpan<byte> octets)
    {
        StringBuilder text = new(octets.Length);
        foreach (byte octet in octets)
        {
            if (octet == 0xFF) continue;
            char low = (char)(octet & 0x7F);
            text.Append(octet >= 0x80 && char.IsControl(low) ? '?' : low);
        }

        return text.ToString();
    }
}
