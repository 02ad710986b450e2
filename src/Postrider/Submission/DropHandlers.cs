using System.Collections.Immutable;
using Postrider.Mail;
using Postrider.Mta.Hosting.Drop;
using Postrider.Mta.Hosting.Posix;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;

namespace Postrider.Cli.Submission;

/// <summary>Answers a session whose messages go into the drop directory. It accepts what is grammatical: whether it may go anywhere the daemon decides when it takes it.</summary>
internal sealed class DropHandlers(string directory, SystemUser user, string hostName) : ISmtpHandlerFactory
{
    /// <summary>Messages accepted so far.</summary>
    public int Committed { get; private set; }

    public ISmtpSessionHandler Begin(SmtpSessionFacts session) => new Handler(this);

    private static SmtpReply CannotVerify { get; } = SmtpReply.Of(252, "2.5.2", "Cannot VRFY user; try RCPT to attempt delivery (or try finger)");

    private sealed class Handler(DropHandlers owner) : ISmtpSessionHandler
    {
        public ValueTask<SmtpReply?> ConnectAsync(CancellationToken cancellationToken) => ValueTask.FromResult<SmtpReply?>(null);

        public ValueTask<SmtpReply?> HeloAsync(string name, bool extended, CancellationToken cancellationToken) => ValueTask.FromResult<SmtpReply?>(null);

        public ValueTask<SmtpReply?> TlsAsync(TlsFacts facts, CancellationToken cancellationToken) => ValueTask.FromResult<SmtpReply?>(null);

        public void AuthEnded(string mechanism, bool succeeded, string? user, string? reason)
        {
        }

        public ValueTask<MailAnswer> MailAsync(ReversePath path, MailParameters parameters, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new MailAnswer(SmtpReply.Of(250, "2.1.0", $"{path}... Sender ok"), new Transaction(owner, path, parameters)));

        public ValueTask<SmtpReply> VerifyAsync(string argument, CancellationToken cancellationToken) => ValueTask.FromResult(CannotVerify);

        public ValueTask<SmtpReply> ExpandAsync(string argument, CancellationToken cancellationToken) => ValueTask.FromResult(SmtpReply.Of(502, "5.7.0", "Sorry, we do not allow this operation"));

        public ValueTask<SmtpReply> EtrnAsync(string argument, CancellationToken cancellationToken) => ValueTask.FromResult(SmtpReply.Of(502, "5.7.0", "Sorry, we do not allow this operation"));

        public void Replied(string command, SmtpReply reply)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Transaction(DropHandlers owner, ReversePath path, MailParameters parameters) : IMailTransaction
    {
        private readonly ImmutableArray<DropRecipient>.Builder recipients = ImmutableArray.CreateBuilder<DropRecipient>();

        public ValueTask<SmtpReply> RecipientAsync(ForwardPath path, RcptParameters rcpt, CancellationToken cancellationToken)
        {
            if (recipients.Count >= DropEnvelope.MaxRecipients) return ValueTask.FromResult(SmtpReply.Of(452, "4.5.3", "Too many recipients"));
            recipients.Add(new DropRecipient(path.Address, rcpt.Notify));
            return ValueTask.FromResult(SmtpReply.Of(250, "2.1.5", $"{path}... Recipient ok"));
        }

        public ValueTask<SmtpReply?> DataAsync(CancellationToken cancellationToken) => ValueTask.FromResult<SmtpReply?>(null);

        public async ValueTask<SmtpReply> ReceiveAsync(SmtpContent content, CancellationToken cancellationToken)
        {
            DropEnvelope envelope = new()
            {
                Uid = owner.User.Uid,
                ReversePath = Qualified(path.Address),
                Recipients = recipients.ToImmutable(),
                Body = parameters.Body,
                Return = parameters.Return,
                EnvelopeId = parameters.EnvelopeId,
            };
            try
            {
                using DropDraft draft = DropDraft.Begin(owner.Directory, envelope);
                ReadOnlyMemory<byte> slice;
                while (!(slice = await content.ReadAsync(cancellationToken)).IsEmpty) draft.Append(slice.Span);
                draft.Commit();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return SmtpReply.Of(451, "4.3.0", "Temporary system failure. Please try again later.").Because(ReasonKind.Local, e.Message);
            }

            owner.Committed++;
            return SmtpReply.Of(250, "2.0.0", "Message accepted for delivery when the daemon runs");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private string Qualified(string address) => address.Length == 0 || address.Contains('@', StringComparison.Ordinal) ? address : $"{address}@{owner.HostName}";
    }

    private string Directory { get; } = directory;

    private SystemUser User { get; } = user;

    private string HostName { get; } = hostName;
}
