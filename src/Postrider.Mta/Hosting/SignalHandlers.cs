using System.Runtime.InteropServices;

namespace Postrider.Mta.Hosting;

/// <summary>SIGHUP reloads; SIGTERM and SIGINT end cleanly; a second one while ending kills at once.</summary>
internal sealed class SignalHandlers : IDisposable
{
    private readonly PosixSignalRegistration[] registrations;
    private int endings;

    public SignalHandlers(Action reload, Action<string> end)
    {
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                reload();
            }),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, end)),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => End(context, end)),
        ];
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
    }

    private void End(PosixSignalContext context, Action<string> end)
    {
        if (Interlocked.Increment(ref endings) > 1) return; // not cancelled: the default action ends the process
        context.Cancel = true;
        end("signal");
    }
}
