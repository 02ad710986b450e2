using Postrider.Smtp.Server;

namespace Postrider.Mta.Receiving;

/// <summary>Makes a handler for each session from the engine that is current when it begins. A reload sets <see cref="Engine"/>.</summary>
public sealed class MtaHandlerFactory(ReceivingEngine engine) : ISmtpHandlerFactory
{
    private volatile ReceivingEngine engine = engine;

    public ReceivingEngine Engine
    {
        get => engine;
        set => engine = value;
    }

    public ISmtpSessionHandler Begin(SmtpSessionFacts session) => new MtaSessionHandler(engine, session);
}
