namespace Postrider.Mail;

/// <summary>The ESMTP parameters of MAIL. All absent by default.</summary>
public sealed record MailParameters
{
    public static MailParameters None { get; } = new();

    /// <summary>The path as the peer wrote it, brackets and source route included: what sendmail repeats in its replies (oracle 05). Null: the address in angle brackets.</summary>
    public string? PathAsWritten { get; init; }

    /// <summary>SIZE= in octets (RFC 1870); null: not said.</summary>
    public long? Size { get; init; }

    public BodyType Body { get; init; }

    public DsnReturn Return { get; init; }

    /// <summary>ENVID=, decoded from xtext (RFC 3461 §4.4).</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>AUTH=, decoded from xtext (RFC 4954 §5); null: absent; empty: <c>&lt;&gt;</c>.</summary>
    public string? Auth { get; init; }

    public DeliverBy? DeliverBy { get; init; }
}
