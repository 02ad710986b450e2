using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Postrider.Cli.Submission;
using Postrider.Mail;

namespace Postrider.Cli.Quickstart;

/// <summary>What the demo does with a daemon that runs.</summary>
internal sealed class DemoRun(AppletContext context, DemoSite site)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Heading("A message to itself, over STARTTLS and AUTH");
        await SubmitAsync(cancellationToken);
        Heading($"What was delivered into {site.Mailbox}");
        await ShowDeliveredAsync(cancellationToken);
        Heading("A stranger (from 127.0.0.2) wants to relay");
        await BeRefusedAsync(cancellationToken);
    }

    private async Task SubmitAsync(CancellationToken cancellationToken)
    {
        using TcpClient connection = new() { NoDelay = true };
        await connection.ConnectAsync(IPAddress.Loopback, site.Ports.Submission, cancellationToken);
        SmtpDialogue dialogue = Dialogue(connection.GetStream());
        Expect(220, await dialogue.ReadReplyAsync(cancellationToken));
        Expect(250, await dialogue.CommandAsync("EHLO client.example.org", cancellationToken));
        Expect(220, await dialogue.CommandAsync("STARTTLS", cancellationToken));
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(site.AuthorityFile);
        await using SslStream tls = new(dialogue.Stream, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = DemoSite.HostName,
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck },
            },
            cancellationToken);
        dialogue.Continue(tls);
        await context.Output.WriteLineAsync($"-- {tls.SslProtocol}, {tls.NegotiatedCipherSuite}, verified against {site.AuthorityFile}");
        Expect(250, await dialogue.CommandAsync("EHLO client.example.org", cancellationToken));
        string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{DemoSite.UserName}\0{site.NewPassword}"));
        Expect(235, await dialogue.CommandAsync("AUTH PLAIN " + credentials, cancellationToken, shown: "AUTH PLAIN (secret)"));
        Expect(250, await dialogue.CommandAsync("MAIL FROM:<demo@localhost>", cancellationToken));
        Expect(250, await dialogue.CommandAsync("RCPT TO:<demo@localhost>", cancellationToken));
        Expect(354, await dialogue.CommandAsync("DATA", cancellationToken));
        byte[] content = Encoding.ASCII.GetBytes("From: Demo <demo@localhost>\r\nTo: demo@localhost\r\nSubject: First light\r\n\r\nIt works.\r\n");
        Expect(250, await dialogue.ContentAsync(new MemoryStream(content), cancellationToken));
        Expect(221, await dialogue.CommandAsync("QUIT", cancellationToken));
    }

    private async Task ShowDeliveredAsync(CancellationToken cancellationToken)
    {
        string arrivals = Path.Combine(site.Mailbox, "new");
        while (true)
        {
            if (Directory.Exists(arrivals) && Directory.GetFiles(arrivals) is [{ } file, ..])
            {
                string text = await File.ReadAllTextAsync(file, cancellationToken);
                await context.Output.WriteLineAsync(text.TrimEnd());
                if (!text.Contains("Received: from client.example.org", StringComparison.Ordinal) || !text.Contains("It works.", StringComparison.Ordinal))
                {
                    throw new DemoFailedException("the delivered message is not the one that was sent");
                }

                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), context.Time, cancellationToken);
        }
    }

    private async Task BeRefusedAsync(CancellationToken cancellationToken)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await socket.ConnectAsync(IPAddress.Loopback, site.Ports.Mta, cancellationToken);
        await using NetworkStream stream = new(socket, ownsSocket: false);
        SmtpDialogue dialogue = Dialogue(stream);
        Expect(220, await dialogue.ReadReplyAsync(cancellationToken));
        Expect(250, await dialogue.CommandAsync("EHLO stranger.example.org", cancellationToken));
        Expect(250, await dialogue.CommandAsync("MAIL FROM:<stranger@example.org>", cancellationToken));
        SmtpReply reply = await dialogue.CommandAsync("RCPT TO:<someone@example.net>", cancellationToken);
        if (reply is not { Code: 550, Status: { Class: 5, Subject: 7, Detail: 1 } }) throw new DemoFailedException($"a stranger was not refused with 550 5.7.1: {reply}");
        await dialogue.CommandAsync("QUIT", cancellationToken);
    }

    private SmtpDialogue Dialogue(Stream stream) => new(stream, line => context.Output.WriteLine("C: " + line), line => context.Output.WriteLine("S: " + line));

    private void Heading(string text) => context.Output.WriteLine($"\n== {text}\n");

    private static void Expect(int code, SmtpReply reply)
    {
        if (reply.Code != code) throw new DemoFailedException($"expected {code}, got {reply}");
    }
}
