using Postrider.Mail;
using Postrider.Mta.Receiving;
using Postrider.Smtp.Server;
using Postrider.Smtp.Tls;

namespace Postrider.Tests.Mta.Receiving;

internal sealed class RecordingLog : IReceivingLog
{
    public List<TransactionSummary> Transactions { get; } = [];

    public List<string> Lines { get; } = [];

    public void TransactionEnded(TransactionSummary summary) => Transactions.Add(summary);

    public void Rejected(string? id, string ruleset, RulesetCallText call, SmtpReply reply) => Lines.Add($"ruleset={ruleset}, arg1={call.Argument1}, relay={call.Relay}, reject={reply}");

    public void SetAside(string? id, string ruleset, RulesetCallText call, string? quarantine, ReasonChain reasons) =>
        Lines.Add($"ruleset={ruleset}, arg1={call.Argument1}, {(quarantine is null ? "discard" : "quarantine=" + quarantine)}");

    public void AuthenticationWarning(string id, string text) => Lines.Add("Authentication-Warning: " + text);

    public void TlsBegan(SmtpSessionFacts session, TlsFacts tls) => Lines.Add("STARTTLS=server");

    public void AuthEnded(SmtpSessionFacts session, string mechanism, bool succeeded, string? user, string? reason) => Lines.Add("AUTH=server");

    public void Notice(string id, string text, ReasonChain reasons) => Lines.Add(text);

    public void Replied(SmtpSessionFacts session, string id, string command, SmtpReply reply) => Lines.Add(command + ": " + reply);

    public void SessionEnded(SmtpSessionFacts session, bool isIdle) => Lines.Add(isIdle ? "did not issue" : "ended");
}
