using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Postrider.Mail;

namespace Postrider.Smtp.Grammar;

/// <summary>The argument of MAIL: <c>FROM: Reverse-path [ SP Mail-parameters ]</c> (RFC 5321 §4.1.1.2).</summary>
internal sealed record MailArgument(ReversePath Path, MailParameters Parameters)
{
    public static bool TryParse(string argument, bool allowsDsn, [NotNullWhen(true)] out MailArgument? mail, [NotNullWhen(false)] out SmtpReply? error)
    {
        mail = null;
        if (!PathArgument.TryParse(argument, "FROM", out PathArgument? path, out error)) return false;
        MailParameters parameters = new() { PathAsWritten = path.Given };
        EsmtpParameters walk = new(path.Parameters);
        while (walk.Next())
        {
            if ((error = Read(walk, allowsDsn, ref parameters)) is not null) return false;
        }

        mail = new MailArgument(ReversePath.Of(path.Address), parameters);
        return true;
    }

    private static SmtpReply? Read(EsmtpParameters at, bool allowsDsn, ref MailParameters into)
    {
        if (at.Count > EsmtpParameters.MaxCount) return SyntaxReplies.TooManyParameters;
        if (at.Is("SIZE")) return !at.HasValue ? SyntaxReplies.NeedsValue("SIZE") : ReadSize(at.Value, ref into);
        if (at.Is("BODY")) return !at.HasValue ? SyntaxReplies.NeedsValue("BODY") : ReadBody(at.Value, ref into);
        if (at.Is("AUTH")) return !at.HasValue ? SyntaxReplies.NeedsValue("AUTH=") : ReadAuth(at.Value, ref into);
        if (at.Is("BY")) return !at.HasValue ? SyntaxReplies.NeedsValue("BY=") : ReadBy(at.Value, ref into);
        if (at.Is("RET")) return !allowsDsn ? SyntaxReplies.NoDsn("RET") : !at.HasValue ? SyntaxReplies.NeedsValue("RET") : ReadReturn(at.Value, ref into);
        if (at.Is("ENVID")) return !allowsDsn ? SyntaxReplies.NoDsn("ENVID") : !at.HasValue ? SyntaxReplies.NeedsValue("ENVID") : ReadEnvelopeId(at.Value, ref into);
        return SyntaxReplies.Unrecognized(at.Keyword);
    }

    /// <summary>RFC 1870. sendmail 8.17, oracle 05: an empty or non-numeric value is silently no size at all.</summary>
    private static SmtpReply? ReadSize(ReadOnlySpan<char> value, ref MailParameters into)
    {
        if (value.StartsWith('-')) return SyntaxReplies.SizeInvalid;
        int digits = value.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> number = digits < 0 ? value : value[..digits];
        if (number.IsEmpty) return null;
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long size)) return SyntaxReplies.SizeOverflow;
        into = into with { Size = size };
        return null;
    }

    private static SmtpReply? ReadBody(ReadOnlySpan<char> value, ref MailParameters into)
    {
        if (value.Equals("8BITMIME", StringComparison.OrdinalIgnoreCase)) into = into with { Body = BodyType.EightBitMime };
        else if (value.Equals("7BIT", StringComparison.OrdinalIgnoreCase)) into = into with { Body = BodyType.SevenBit };
        else return SyntaxReplies.UnknownBody(value);
        return null;
    }

    private static SmtpReply? ReadReturn(ReadOnlySpan<char> value, ref MailParameters into)
    {
        if (into.Return != DsnReturn.Unspecified) return SyntaxReplies.Duplicate("RET");
        if (value.Equals("FULL", StringComparison.OrdinalIgnoreCase)) into = into with { Return = DsnReturn.Full };
        else if (value.Equals("HDRS", StringComparison.OrdinalIgnoreCase)) into = into with { Return = DsnReturn.Headers };
        else return SyntaxReplies.BadReturn(value);
        return null;
    }

    private static SmtpReply? ReadEnvelopeId(ReadOnlySpan<char> value, ref MailParameters into)
    {
        if (into.EnvelopeId is not null) return SyntaxReplies.Duplicate("ENVID");
        if (!XText.TryDecode(value, out string? decoded)) return SyntaxReplies.BadValue("ENVID");
        into = into with { EnvelopeId = decoded };
        return null;
    }

    /// <summary>RFC 4954 §5. An empty value counts as &lt;&gt; (sendmail 8.17, oracle 05).</summary>
    private static SmtpReply? ReadAuth(ReadOnlySpan<char> value, ref MailParameters into)
    {
        if (!XText.TryDecode(value, out string? decoded)) return SyntaxReplies.BadValue("AUTH");
        into = into with { Auth = decoded == "<>" ? "" : decoded };
        return null;
    }

    /// <summary>RFC 2852 §4: <c>by-time ";" by-mode [by-trace]</c>.</summary>
    private static SmtpReply? ReadBy(ReadOnlySpan<char> value, ref MailParameters into)
    {
        int semicolon = value.IndexOf(';');
        if (semicolon < 0) return SyntaxReplies.BySemicolon;
        ReadOnlySpan<char> mode = value[(semicolon + 1)..];
        bool trace = mode.Length == 2 && mode[1] is 'T' or 't';
        if (mode.IsEmpty || (mode.Length > 1 && !trace) || mode[0] is not ('R' or 'r' or 'N' or 'n')) return SyntaxReplies.ByMode(mode);
        bool returns = mode[0] is 'R' or 'r';
        // by-time has at most nine digits.
        if (!int.TryParse(value[..semicolon], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seconds)) seconds = 0;
        if (returns && seconds <= 0) return SyntaxReplies.ByNotPositive;
        into = into with { DeliverBy = new DeliverBy(TimeSpan.FromSeconds(seconds), returns, trace) };
        return null;
    }
}
