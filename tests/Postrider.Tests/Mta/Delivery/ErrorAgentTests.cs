using Postrider.Mta.Delivery;

namespace Postrider.Tests.Mta.Delivery;

public class ErrorAgentTests
{
    [Theory]
    [InlineData("5.1.1", "550 User unknown", OutcomeKind.Failed, "5.1.1", "User unknown")]
    [InlineData("nouser", "No such user here", OutcomeKind.Failed, "5.1.1", "No such user here")]
    [InlineData("5.1.1", "", OutcomeKind.Failed, "5.1.1", "User unknown")]
    [InlineData("", "550 5.7.1 Access denied", OutcomeKind.Failed, "5.7.1", "Access denied")]
    [InlineData("", "\"450 4.2.1 busy\"", OutcomeKind.Deferred, "4.2.1", "Deferred: busy")]
    [InlineData("tempfail", "", OutcomeKind.Deferred, "4.0.0", "Deferred")]
    [InlineData("5.1.2", "450 later", OutcomeKind.Deferred, "4.1.2", "Deferred: later")]
    [InlineData("", "", OutcomeKind.Failed, "5.0.0", "Service unavailable")]
    [InlineData("bogus", "ends in\r\ncontrol", OutcomeKind.Failed, "5.0.0", "ends in??control")]
    public async Task The_code_decides_between_now_and_for_good_and_the_text_is_told(string host, string text, OutcomeKind kind, string status, string message)
    {
        DeliveryAttempt attempt = Attempts.To("error", host, "x\r\n", "u@x.example");
        attempt = attempt with { Recipients = [attempt.Recipients[0] with { User = text }] };
        RecipientOutcome outcome = Assert.Single(await new ErrorAgent().DeliverAsync(attempt, default));
        Assert.Equal((kind, status, message), (outcome.Kind, outcome.Status.ToString(), outcome.Message));
    }

    [Fact]
    public async Task The_discard_mailer_drops_and_tells_nobody()
    {
        RecipientOutcome outcome = Assert.Single(await new DiscardAgent().DeliverAsync(Attempts.To("discard", "", "x\r\n", "u@x.example"), default));
        Assert.Equal((OutcomeKind.Discarded, "discarded"), (outcome.Kind, outcome.Message));
    }
}
