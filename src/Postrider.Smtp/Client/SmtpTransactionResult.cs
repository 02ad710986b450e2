using System.Collections.Immutable;

namespace Postrider.Smtp.Client;

/// <summary>What became of one mail transaction.</summary>
public sealed record SmtpTransactionResult
{
    /// <summary>In the order of the message's recipients.</summary>
    public required ImmutableArray<SmtpRecipientResult> Recipients { get; init; }

    /// <summary>The connection was lost during the transaction; null: it stands.</summary>
    public SmtpProtocolException? Loss { get; init; }

    /// <summary>The final dot was sent and no reply came: the peer may have the message, and trying again may duplicate it (RFC 1047).</summary>
    public bool MayDuplicate { get; init; }
}
