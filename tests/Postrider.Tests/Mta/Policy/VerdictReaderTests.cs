using Postrider.Mail;
using Postrider.Mta.Policy;

namespace Postrider.Tests.Mta.Policy;

/// <summary>How results are read: reference §2.5, §2.6, oracle 07 and 11.</summary>
public sealed class VerdictReaderTests
{
    [Theory]
    [InlineData("5.7.1", "550 Relaying denied", "550 5.7.1 <x@y>... Relaying denied")]
    [InlineData("5.7.1", "\"550 quoted\"", "550 5.7.1 <x@y>... quoted")]
    [InlineData("4.2.1", "450 later", "450 4.2.1 <x@y>... later")]
    [InlineData("4.3.0", "451 later", "451 4.3.0 later")]
    [InlineData("5.7.1", "554 spam", "554 5.7.1 spam")]
    [InlineData("nouser", "550 who", "550 5.0.0 <x@y>... who")]
    [InlineData("tempfail", "450 wait", "450 4.0.0 <x@y>... wait")]
    [InlineData("", "SKIP", "553 5.3.0 <x@y>... SKIP")]
    [InlineData("5.7.1", "Spam blocked", "553 5.3.0 <x@y>... Spam blocked")]
    [InlineData("TEMPFAIL", "later", "451 4.3.0 later")]
    [InlineData("", "550 5.1.2 own status", "550 5.1.2 <x@y>... own status")]
    [InlineData("5.7.1", "451 class differs", "451 4.0.0 class differs")]
    [InlineData("5.7.1", "250 fine", "553 5.7.1 <x@y>... fine")]
    public void Error_becomes_a_reply(string host, string text, string reply)
    {
        Verdict verdict = VerdictReader.Read("check_rcpt", RulesetResult.Error(host, text, ReasonChain.None), "<x@y>");
        Assert.Equal(VerdictKind.Reject, verdict.Kind);
        Assert.Equal(reply, verdict.Reply!.ToString());
        Assert.False(verdict.Reply.Reasons.IsEmpty);
    }

    [Fact]
    public void Text_from_a_peer_cannot_split_the_reply()
    {
        Verdict verdict = VerdictReader.Read("check_rcpt", RulesetResult.Error("5.7.1", "550 no\r\n250 yes", ReasonChain.None), null);
        Assert.Equal("550 5.7.1 no  250 yes", verdict.Reply!.ToString());
    }

    [Fact]
    public void Reply_421_closes_the_session() =>
        Assert.True(VerdictReader.Read("check_relay", RulesetResult.Error("4.7.0", "421 go away", ReasonChain.None), null).Reply!.ClosesSession);

    [Fact]
    public void Quarantine_and_discard_are_no_refusals()
    {
        Verdict quarantine = VerdictReader.Read("check_mail", RulesetResult.Error("quarantine", "odd sender", ReasonChain.None), null);
        Assert.Equal((VerdictKind.Quarantine, "odd sender", null), (quarantine.Kind, quarantine.QuarantineReason, quarantine.Reply));
        Assert.Equal(VerdictKind.Discard, VerdictReader.Read("check_mail", RulesetResult.Discard(ReasonChain.None), null).Kind);
    }

    [Theory]
    [InlineData("OK", VerdictKind.Ok)]
    [InlineData("RELAY", VerdictKind.Relay)]
    [InlineData("anything", VerdictKind.Accept)]
    [InlineData("", VerdictKind.Accept)]
    public void Plain_text_never_refuses(string text, VerdictKind kind) =>
        Assert.Equal(kind, VerdictReader.Read("check_mail", RulesetResult.Plain(text, ReasonChain.None), null).Kind);
}
