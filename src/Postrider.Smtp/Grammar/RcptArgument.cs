using System.Diagnostics.CodeAnalysis;
using Postrider.Mail;

namespace Postrider.Smtp.Grammar;

/// <summary>The argument of RCPT: <c>TO: Forward-path [ SP Rcpt-parameters ]</c> (RFC 5321 §4.1.1.3).</summary>
internal sealed record RcptArgument(ForwardPath Path, RcptParameters Parameters)
{
    public static bool TryParse(string argument, bool allowsDsn, [NotNullWhen(true)] out RcptArgument? rcpt, [NotNullWhen(false)] out SmtpReply? error)
    {
        rcpt = null;
        if (!PathArgument.TryParse(argument, "TO", out PathArgument? path, out error)) return false;
        if (path.Address.Length == 0)
        {
            error = SyntaxReplies.NoRecipient(path.Given);
            return false;
        }

        RcptParameters parameters = new() { PathAsWritten = path.Given };
        EsmtpParameters walk = new(path.Parameters);
        while (walk.Next())
        {
            if ((error = Read(walk, allowsDsn, ref parameters)) is not null) return false;
        }

        rcpt = new RcptArgument(ForwardPath.Of(path.Address), parameters);
        return true;
    }

    private static SmtpReply? Read(EsmtpParameters at, bool allowsDsn, ref RcptParameters into)
    {
        if (at.Count > EsmtpParameters.MaxCount) return SyntaxReplies.TooManyParameters;
        if (at.Is("NOTIFY")) return !allowsDsn ? SyntaxReplies.NoDsn("NOTIFY") : !at.HasValue ? SyntaxReplies.NeedsValue("NOTIFY") : ReadNotify(at.Value, ref into);
        if (at.Is("ORCPT")) return !allowsDsn ? SyntaxReplies.NoDsn("ORCPT") : !at.HasValue ? SyntaxReplies.NeedsValue("ORCPT") : ReadOriginal(at.Value, ref into);
        return SyntaxReplies.Unrecognized(at.Keyword);
    }

    /// <summary>RFC 3461 §4.1: NEVER stands alone. A second NOTIFY replaces the first (sendmail 8.17, oracle 05).</summary>
    private static SmtpReply? ReadNotify(ReadOnlySpan<char> value, ref RcptParameters into)
    {
        DsnNotify notify = DsnNotify.Unspecified;
        foreach (Range range in value.Split(','))
        {
            ReadOnlySpan<char> word = value[range];
            DsnNotify one = word.Equals("NEVER", StringComparison.OrdinalIgnoreCase) ? DsnNotify.Never
                : word.Equals("SUCCESS", StringComparison.OrdinalIgnoreCase) ? DsnNotify.Success
                : word.Equals("FAILURE", StringComparison.OrdinalIgnoreCase) ? DsnNotify.Failure
                : word.Equals("DELAY", StringComparison.OrdinalIgnoreCase) ? DsnNotify.Delay
                : DsnNotify.Unspecified;
            bool neverInCompany = one == DsnNotify.Never && value.Length != word.Length;
            if (one == DsnNotify.Unspecified || neverInCompany) return SyntaxReplies.BadNotify(word);
            notify |= one;
        }

        into = into with { Notify = notify };
        return null;
    }

    /// <summary>RFC 3461 §4.2: <c>addr-type ";" xtext</c>.</summary>
    private static SmtpReply? ReadOriginal(ReadOnlySpan<char> value, ref RcptParameters into)
    {
        if (into.OriginalRecipient is not null) return SyntaxReplies.Duplicate("ORCPT");
        int semicolon = value.IndexOf(';');
        if (semicolon <= 0 || !XText.TryDecode(value[(semicolon + 1)..], out string? address)) return SyntaxReplies.BadValue("ORCPT");
        into = into with { OriginalRecipient = new OriginalRecipient(value[..semicolon].ToString(), address) };
        return null;
    }
}
