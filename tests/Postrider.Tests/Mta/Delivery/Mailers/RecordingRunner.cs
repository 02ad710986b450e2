using System.Text;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Delivery.Mailers;

namespace Postrider.Tests.Mta.Delivery.Mailers;

/// <summary>Runs nothing: keeps what it was asked, with the message as a program would read it, and ends as it is told.</summary>
internal sealed class RecordingRunner(MailerExit exit) : IMailerRunner
{
    public List<(MailerRun Run, string Content)> Runs { get; } = [];

    public async ValueTask<MailerExit> RunAsync(MailerRun run, SafeFileHandle content, CancellationToken cancellationToken)
    {
        byte[] octets = new byte[RandomAccess.GetLength(content)];
        await RandomAccess.ReadAsync(content, octets, 0, cancellationToken);
        Runs.Add((run, Encoding.Latin1.GetString(octets)));
        return exit;
    }
}
