namespace Postrider.Smtp.Sasl;

/// <summary>The credential store cannot answer now: file missing or damaged, database down. Nobody authenticates until it is mended; the client is told 454 4.7.0 and may try again. The message is for the operator and says what to mend.</summary>
public sealed class CredentialsUnavailableException : Exception
{
    public CredentialsUnavailableException() { }

    public CredentialsUnavailableException(string message) : base(message) { }

    public CredentialsUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}
