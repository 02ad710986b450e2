namespace Postrider.Smtp.Client;

/// <summary>This connection is lost: nothing more can be said on it. What was not answered before is to be tried again.</summary>
public sealed class SmtpProtocolException : Exception
{
    public SmtpProtocolException(SmtpConnectionLoss loss, SmtpClientPhase phase, string message, Exception? inner = null)
        : base(message, inner)
    {
        Loss = loss;
        Phase = phase;
    }

    public SmtpConnectionLoss Loss { get; }

    /// <summary>What was being waited for.</summary>
    public SmtpClientPhase Phase { get; }
}
