using Microsoft.Win32.SafeHandles;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>Starts programs for mailers: by itself, or by asking the monitor, which may start them as other users. Thread-safe.</summary>
public interface IMailerRunner
{
    /// <summary>Runs the program to its end.</summary>
    /// <param name="run">Which mailer, for whom.</param>
    /// <param name="content">The message as the program is to read it, an ordinary file; read from its beginning. Stays the caller's.</param>
    /// <param name="cancellationToken">The program is killed; what it did before is not known, and the outcome must be deferred.</param>
    ValueTask<MailerExit> RunAsync(MailerRun run, SafeFileHandle content, CancellationToken cancellationToken);
}
