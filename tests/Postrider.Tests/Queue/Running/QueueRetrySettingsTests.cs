using Postrider.Queue.Running;

namespace Postrider.Tests.Queue.Running;

public sealed class QueueRetrySettingsTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(5, 80)]
    [InlineData(6, 160)]
    [InlineData(7, 240)]
    [InlineData(100_000, 240)]
    public void Intervals_double_from_five_minutes_up_to_four_hours(int attempts, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), new QueueRetrySettings().After(attempts));

    [Fact]
    public void Intervals_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new QueueRetrySettings { MinInterval = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new QueueRetrySettings { Factor = 0.5 });
    }
}
