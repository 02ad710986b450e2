using System.Collections.Immutable;

namespace Postrider.Smtp.Client;

/// <summary>What is known about a mail transaction while it goes on; thrown away with it.</summary>
internal sealed class TransactionState(SmtpClientMessage message)
{
    public SmtpClientMessage Message { get; } = message;

    public SmtpRecipientResult[] Results { get; } = new SmtpRecipientResult[message.Recipients.Count];

    /// <summary>Which recipients RCPT is said for, in this order.</summary>
    public List<int> Order { get; } = new(message.Recipients.Count);

    /// <summary>RCPTs answered 2yz.</summary>
    public int Accepted { get; set; }

    public bool MailRefused { get; set; }

    /// <summary>The final dot is on its way and has no answer.</summary>
    public bool MayDuplicate { get; set; }

    public SmtpProtocolException? Loss { get; set; }

    /// <summary>Gives every recipient without a deciding reply this one.</summary>
    public void SettleOpen(SmtpRecipientResult result)
    {
        foreach (ref SmtpRecipientResult open in Results.AsSpan())
        {
            if (open.Reply is null) open = result;
        }
    }

    public SmtpTransactionResult Result()
    {
        if (Loss is { } loss) SettleOpen(new SmtpRecipientResult(null, loss.Phase));
        return new SmtpTransactionResult { Recipients = ImmutableArray.Create(Results), Loss = Loss, MayDuplicate = MayDuplicate };
    }
}
