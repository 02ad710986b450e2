namespace Postrider.Smtp.Server;

/// <summary>Makes the handler of each session. Thread-safe.</summary>
public interface ISmtpHandlerFactory
{
    ISmtpSessionHandler Begin(SmtpSessionFacts session);
}
