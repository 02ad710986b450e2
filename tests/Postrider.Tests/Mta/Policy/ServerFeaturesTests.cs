using Postrider.Mta.Policy;
using Postrider.Smtp.Server;

namespace Postrider.Tests.Mta.Policy;

public sealed class ServerFeaturesTests
{
    [Fact]
    public void Upper_case_turns_off_and_lower_case_on() =>
        Assert.Equal(new SessionFeatures { NoStartTls = true, NoAuth = true, RequiresAuth = true }, ServerFeatures.Read("S A l"));

    [Fact]
    public void Later_letter_wins() => Assert.Equal(SessionFeatures.All, ServerFeatures.Read("E e"));

    [Fact]
    public void What_follows_a_letter_without_a_blank_is_not_read() => Assert.Equal(SessionFeatures.All with { NoExpn = true }, ServerFeatures.Read("XA"));

    [Theory]
    [InlineData("")]
    [InlineData("t q 7 M")]
    public void What_means_nothing_changes_nothing(string answer) => Assert.Equal(SessionFeatures.All, ServerFeatures.Read(answer));
}
