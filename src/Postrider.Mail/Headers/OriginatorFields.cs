namespace Postrider.Mail.Headers;

/// <summary>What a submission server completes (RFC 6409 §8) and sendmail completes for every message: Date, From and Message-Id when they are missing, and what it takes away.</summary>
public sealed record OriginatorFields
{
    /// <summary>Now, in local time.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string QueueId { get; init; }

    /// <summary><c>$j</c>.</summary>
    public required string HostName { get; init; }

    /// <summary>The reverse-path without angle brackets; empty (null reverse-path): <c>MAILER-DAEMON@j</c>.</summary>
    public required string Originator { get; init; }

    /// <summary>The person's name (<c>-F</c>, GECOS); null: none, or what a Full-Name field says.</summary>
    public string? FullName { get; init; }

    /// <summary>Completes and cleans, as sendmail 8.17 does (oracle 61, 82): call before the trace field is added on top.</summary>
    /// <remarks>
    /// New fields stand on top in the order of the configuration file's H lines: Resent-Date, Date, Resent-From, From, Resent-Message-Id, Message-Id; the
    /// Resent- ones exactly when any Resent- field is there. Removed: Return-Path, Full-Name, Content-Length, and Bcc, which stays as an empty <c>Bcc:</c>
    /// when no other field names a recipient.
    /// </remarks>
    public void Apply(HeaderSection section)
    {
        bool isResent = IsResent(section);
        string? fullName = section.Find("Full-Name")?.Text is { Length: > 0 } given ? given : FullName;
        string from = From(fullName);
        string date = ArpaDate.Format(Time);
        string messageId = MessageId.Format(Time, QueueId, HostName);
        int at = 0;
        at = AddMissing(section, at, isResent, "Date", date);
        at = AddMissing(section, at, isResent, "From", from);
        AddMissing(section, at, isResent, "Message-Id", messageId);

        section.Remove("Return-Path");
        section.Remove("Full-Name");
        section.Remove("Content-Length");
        RemoveBlindCopies(section);
    }

    /// <summary>RFC 5322 §3.6.6: the message is introduced into transport again when any of these is there.</summary>
    internal static bool IsResent(HeaderSection section)
    {
        foreach (HeaderField field in section)
        {
            if (field.NameOctets.Length > 7 && System.Text.Ascii.EqualsIgnoreCase(field.NameOctets.Span[..7], "Resent-")) return true;
        }

        return false;
    }

    private static int AddMissing(HeaderSection section, int at, bool isResent, string name, string value)
    {
        if (isResent && !section.Contains("Resent-" + name)) section.Insert(at++, HeaderField.Of("Resent-" + name, value));
        if (!section.Contains(name)) section.Insert(at++, HeaderField.Of(name, value));
        return at;
    }

    private static void RemoveBlindCopies(HeaderSection section)
    {
        bool hasOther = section.Contains("To") || section.Contains("Cc") || section.Contains("Apparently-To")
            || section.Contains("Resent-To") || section.Contains("Resent-Cc");
        int first = section.IndexOf("Bcc");
        section.Remove("Resent-Bcc");
        if (first < 0) return;
        if (hasOther)
        {
            section.Remove("Bcc");
            return;
        }

        section.Replace(first, HeaderField.Of("Bcc", ""));
        for (int i = section.IndexOf("Bcc", first + 1); i >= 0; i = section.IndexOf("Bcc", first + 1)) section.RemoveAt(i);
    }

    private string From(string? fullName)
    {
        string address = Originator.Length == 0 ? $"MAILER-DAEMON@{HostName}" : Originator;
        if (string.IsNullOrEmpty(fullName)) return address;
        return $"{AddressList.QuotePhrase(fullName)} <{address}>";
    }
}
