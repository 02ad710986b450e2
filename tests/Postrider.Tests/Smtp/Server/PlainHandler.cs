using Postrider.Mail;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;

namespace Postrider.Tests.Smtp.Server;

/// <summary>Takes everything, and repeats in each reply what it was asked, so that a test sees which question a reply answers.</summary>
internal sealed class PlainHandler : ISmtpSessionHandler, ISmtpHandlerFactory
{
    public List<string> Commands { get; } = [];

    public List<Exception> Faults { get; } = [];

    public int OpenTransactions { get; private set; }

    public int Messages { get; private set; }

    public ISmtpSessionHandler Begin(SmtpSessionFacts session) => this;

    public ValueTask<SmtpReply?> ConnectAsync(CancellationToken cancellationToken) => ValueTask.FromResult<SmtpReply?>(null);

    public ValueTask<SmtpReply?> HeloAsync(string name, bool extended, CancellationToken cancellationToken) => ValueTask.FromResult<SmtpReply?>(null);

    public ValueTask<SmtpReply?> TlsAsync(TlsFacts facts, CancellationToken cancellationToken) => ValueTask.FromResult<SmtpReply?>(null);

    public void AuthEnded(string mechanism, bool succeeded, string? user, string? reason) { }

    public void Faulted(string command, Exception exception) => Faults.Add(exception);

    public ValueTask<MailAnswer> MailAsync(ReversePath path, MailParameters parameters, CancellationToken cancellationToken)
    {
        OpenTransactions++;
        return ValueTask.FromResult(new MailAnswer(SmtpReply.Of(250, "2.1.0", $"{parameters.PathAsWritten}... Sender ok"), new Transaction(this)));
    }

    public ValueTask<SmtpReply> VerifyAsync(string argument, CancellationToken cancellationToken) => ValueTask.FromResult(SmtpReply.Of(252, "2.1.5", argument));

    public ValueTask<SmtpReply> ExpandAsync(string argument, CancellationToken cancellationToken) => ValueTask.FromResult(SmtpReply.Of(250, "2.1.5", argument));

    public ValueTask<SmtpReply> EtrnAsync(string argument, CancellationToken cancellationToken) => ValueTask.FromResult(SmtpReply.Of(250, "2.0.0", argument));

    public void Replied(string command, SmtpReply reply) => Commands.Add(command);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Transaction(PlainHandler handler) : IMailTransaction
    {
        private bool isOver;

        public ValueTask<SmtpReply> RecipientAsync(ForwardPath path, RcptParameters parameters, CancellationToken cancellationToken) =>
            ValueTask.FromResult(SmtpReply.Of(250, "2.1.5", $"{parameters.PathAsWritten}... Recipient ok"));

        public ValueTask<SmtpReply?> DataAsync(CancellationToken cancellationToken) => ValueTask.FromResult<SmtpReply?>(null);

        public async ValueTask<SmtpReply> ReceiveAsync(SmtpContent content, CancellationToken cancellationToken)
        {
            while (await content.ReadAsync(cancellationToken) is { IsEmpty: false })
            {
            }

            handler.Messages++;
            return SmtpReply.Of(250, "2.0.0", "Message accepted for delivery");
        }

        public ValueTask DisposeAsync()
        {
            Assert.False(isOver, "a transaction was disposed twice");
            isOver = true;
            handler.OpenTransactions--;
            return ValueTask.CompletedTask;
        }
    }
}
