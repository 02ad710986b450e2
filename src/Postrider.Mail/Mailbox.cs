namespace Postrider.Mail;

/// <summary>local-part@domain, or local-part@[address literal] (RFC 5321 §4.1.2). Both parts as written; comparison of domains is the caller's matter.</summary>
/// <param name="LocalPart">As written, quotes included when it was a quoted string.</param>
/// <param name="Domain">As written, without a trailing dot; an address literal keeps its brackets.</param>
public sealed record Mailbox(string LocalPart, string Domain)
{
    public bool IsAddressLiteral => Domain.StartsWith('[');

    public override string ToString() => $"{LocalPart}@{Domain}";

    /// <summary>Splits at the last @ outside quotes; false when there is no @ or a part is empty.</summary>
    /// <remarks>Deliberately lax: what is a legal local-part is decided by the grammar (SMTP) or the rulesets (policy), not here.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out Mailbox? mailbox)
    {
        mailbox = null;
        int at = -1;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '\r' or '\n' or '\0') return false;
            if (c == '\\') i++;
            else if (c == '"') quoted = !quoted;
            else if (c == '@' && !quoted) at = i;
        }

        if (quoted || at <= 0 || at == text.Length - 1) return false;
        ReadOnlySpan<char> domain = text[(at + 1)..].TrimEnd('.');
        if (domain.IsEmpty) return false;
        mailbox = new Mailbox(text[..at].ToString(), domain.ToString());
        return true;
    }
}
