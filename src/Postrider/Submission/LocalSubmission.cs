using System.Net.Sockets;
using Postrider.Cli.Options;
using Postrider.Mail;
using Postrider.Mail.Headers;
using Postrider.Mta.Configuration;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Drop;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Cli.Submission;

/// <summary>
/// <c>sendmail -bm</c> and <c>-t</c>: the message goes to the daemon over its socket, or, with the daemon down, into the drop directory, which is said on
/// standard error. (1) read the message, (2) recipients, (3) originator, (4) daemon, (5) drop directory for what the daemon could not take now.
/// </summary>
internal sealed class LocalSubmission(AppletContext context, SendmailOptions options, SiteConfiguration site, DaemonPaths paths)
{
    private readonly SystemUser user = SystemUser.Current;
    private SysExit exit = SysExit.Ok;

    public async Task<SysExit> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Operands.Length == 0 && !options.RecipientsFromHeader) throw new UsageException("Recipient names must be specified");
        await using LocalMessage message = await LocalMessage.ReadAsync(context.Input, options.IgnoreDots, cancellationToken);
        List<string> recipients = await RecipientsAsync(message);
        if (recipients.Count == 0)
        {
            if (options.RecipientsFromHeader && exit == SysExit.Ok) await context.Error.WriteLineAsync("No recipient addresses found in header"); // and 0 (oracle 82)
            return exit;
        }

        if (options.HopCount + message.Header.CountOf("Received") > site.Limits.MaxHops)
        {
            await context.Error.WriteLineAsync($"Too many hops {options.HopCount + message.Header.CountOf("Received")} ({site.Limits.MaxHops} max)");
            return SysExit.Unavailable;
        }

        string sender = CompleteHeader(message);
        List<string> later = await OfferAsync(message, sender, recipients, cancellationToken);
        if (later.Count > 0) await DropAsync(message, sender, later, cancellationToken);
        return exit == SysExit.NoUser && options.ErrorMode == 'e' ? SysExit.Ok : exit;
    }

    private async Task<List<string>> RecipientsAsync(LocalMessage message)
    {
        List<string> recipients = [];
        foreach (string operand in options.Operands) await AddAsync(recipients, AddressList.Parse(operand));
        if (!options.RecipientsFromHeader) return recipients;
        await AddAsync(recipients, message.Recipients()); // added to those of the command line (oracle 82)
        message.RemoveBlindCopies();
        return recipients;
    }

    private async ValueTask AddAsync(List<string> recipients, AddressList list)
    {
        foreach (HeaderAddress address in list.Addresses)
        {
            if (!recipients.Contains(address.Address, StringComparer.Ordinal)) recipients.Add(address.Address);
        }

        foreach (AddressListError error in list.Errors)
        {
            await context.Error.WriteLineAsync($"{error.Text}... {error.Reason}");
            exit = SysExit.Usage;
        }
    }

    /// <summary>From: is ours; Date:, Message-Id:, Received: and what is doubtful about the sender are the daemon's.</summary>
    /// <returns>The reverse-path, without brackets.</returns>
    private string CompleteHeader(LocalMessage message)
    {
        string? named = options.Sender is null ? null : AddressList.Parse(options.Sender).Addresses is [{ } first, ..] ? first.Address : options.Sender.Trim('<', '>', ' ');
        string sender = named is null ? Qualify(user.Name) : named.Length == 0 ? "" : Qualify(named);
        if (sender.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0) throw new UsageException("-f: control character in address");
        if (!message.Header.Contains("From"))
        {
            string? fullName = options.FullName ?? (named is null ? user.DisplayName : null);
            string address = sender.Length == 0 ? Qualify("MAILER-DAEMON") : sender;
            message.Header.AddOnTop(HeaderField.Of("From", string.IsNullOrEmpty(fullName) ? address : $"{AddressList.QuotePhrase(fullName)} <{address}>"));
        }

        return sender;
    }

    private string Qualify(string address) => address.Contains('@', StringComparison.Ordinal) ? address : $"{address}@{site.HostName}";

    /// <summary>One mail transaction with the daemon.</summary>
    /// <returns>Recipients that the daemon could not decide about now: all of them when it is not there.</returns>
    private async ValueTask<List<string>> OfferAsync(LocalMessage message, string sender, List<string> recipients, CancellationToken cancellationToken)
    {
        Socket socket;
        try
        {
            socket = await UnixSockets.ConnectAsync(paths.SubmitSocket, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            return recipients;
        }

        using NetworkStream stream = new(socket, ownsSocket: true);
        SmtpDialogue dialogue = options.IsVerbose ? new(stream, line => Say(">>> " + line), Say) : new(stream);
        if (options.IsVerbose) Say($"{string.Join(',', recipients)}... Connecting to {paths.SubmitSocket}...");
        List<string> undecided = [.. recipients];
        try
        {
            await TransactAsync(dialogue, message, sender, undecided, cancellationToken);
            await dialogue.CommandAsync("QUIT", cancellationToken);
        }
        catch (IOException e)
        {
            // What was not answered for good is still to be sent; after the end mark that may send it twice (RFC 1047), which is better than never.
            if (options.IsVerbose) Say(e.Message);
        }

        return undecided;
    }

    /// <param name="undecided">Loses every recipient the daemon took or refused for good.</param>
    private async ValueTask TransactAsync(SmtpDialogue dialogue, LocalMessage message, string sender, List<string> undecided, CancellationToken cancellationToken)
    {
        SmtpReply reply = await dialogue.ReadReplyAsync(cancellationToken);
        string mail = MailCommand(sender, message.Octets);

        // No EHLO: the kernel has introduced us, and the trace field then says "(from user@localhost)" as for a local submission (oracle 82). needmailhelo wants one all the same.
        if (reply.IsPositive) reply = await dialogue.CommandAsync(mail, cancellationToken);
        if (reply.Code == 503 && (await dialogue.CommandAsync("EHLO " + site.HostName, cancellationToken)).IsPositive) reply = await dialogue.CommandAsync(mail, cancellationToken);
        List<string> accepted = [];
        foreach (string recipient in undecided.ToArray())
        {
            SmtpReply answer = reply.IsPositive ? await dialogue.CommandAsync(RcptCommand(recipient), cancellationToken) : reply;
            if (answer.IsPositive) accepted.Add(recipient);
            else if (await IsRefusedAsync(recipient, answer)) undecided.Remove(recipient);
        }

        if (accepted.Count == 0) return;
        reply = await dialogue.CommandAsync("DATA", cancellationToken);
        if (reply.Code == 354) reply = await dialogue.ContentAsync(message.OpenContent(), cancellationToken);
        foreach (string recipient in accepted)
        {
            if (reply.IsPositive)
            {
                undecided.Remove(recipient);
                if (options.IsVerbose) Say($"{recipient}... Sent ({reply.Text})");
            }
            else if (await IsRefusedAsync(recipient, reply))
            {
                undecided.Remove(recipient);
            }
        }
    }

    /// <summary>True: refused for good, said, and the exit code set. False: to be tried again.</summary>
    private async ValueTask<bool> IsRefusedAsync(string recipient, SmtpReply reply)
    {
        if (reply.IsTransient) return false;
        SysExit code = ExitOf(reply);
        if (exit is SysExit.Ok || code == SysExit.NoUser) exit = code;
        if (options.ErrorMode != 'q')
        {
            int dots = reply.Text.IndexOf("... ", StringComparison.Ordinal);
            await context.Error.WriteLineAsync($"{recipient}... {(dots < 0 ? reply.Text : reply.Text[(dots + 4)..])}");
        }

        return true;
    }

    private static SysExit ExitOf(SmtpReply reply) => reply switch
    {
        { Status: { Subject: 1, Detail: 2 } } => SysExit.NoHost,
        { Code: 553 } or { Status: { Subject: 1, Detail: 3 } } => SysExit.Usage,
        { Status: { Subject: 1 } } => SysExit.NoUser,
        { Code: 550, Status: null } => SysExit.NoUser,
        { Status: { Subject: 6 } } => SysExit.DataError,
        _ => SysExit.Unavailable,
    };

    private string MailCommand(string sender, long octets) => string.Concat(
        $"MAIL From:<{sender}> SIZE={octets}",
        options.Body switch { BodyType.EightBitMime => " BODY=8BITMIME", BodyType.SevenBit => " BODY=7BIT", _ => "" },
        options.Return switch { DsnReturn.Full => " RET=FULL", DsnReturn.Headers => " RET=HDRS", _ => "" },
        options.EnvelopeId is null ? "" : " ENVID=" + XText.Encode(options.EnvelopeId));

    private string RcptCommand(string recipient) =>
        $"RCPT To:<{recipient}>{(options.Notify == DsnNotify.Unspecified ? "" : " NOTIFY=" + options.Notify.ToString().ToUpperInvariant().Replace(" ", "", StringComparison.Ordinal))}";

    private async ValueTask DropAsync(LocalMessage message, string sender, List<string> recipients, CancellationToken cancellationToken)
    {
        DropEnvelope envelope = new()
        {
            Uid = user.Uid,
            ReversePath = sender,
            Recipients = [.. recipients.Select(recipient => new DropRecipient(recipient, options.Notify))],
            Body = options.Body,
            Return = options.Return,
            EnvelopeId = options.EnvelopeId,
        };
        try
        {
            using DropDraft draft = DropDraft.Begin(paths.DropDirectory, envelope);
            byte[] block = new byte[32 * 1024];
            Stream content = message.OpenContent();
            int read;
            while ((read = await content.ReadAsync(block, cancellationToken)) > 0) draft.Append(block.AsSpan(0, read));
            draft.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync($"{context.Name}: the daemon does not take the message now, and it cannot be left for it: {e.Message}");
            exit = SysExit.TemporaryFailure;
            return;
        }

        await context.Error.WriteLineAsync($"{context.Name}: queued; it goes out when the daemon runs");
    }

    private void Say(string line) => context.Output.WriteLine(line);
}
