using System.Net;
using Postrider.Mta.Receiving;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Receiving;

public sealed class ClientCountersTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Two = IPAddress.Parse("192.0.2.2");

    private readonly ManualTimeProvider time = new();

    [Fact]
    public void Sessions_are_counted_by_client_and_in_all()
    {
        ClientCounters counters = new(time, TimeSpan.FromSeconds(60));
        Assert.Equal((1, 1, 1), counters.Begin(One));
        Assert.Equal((2, 2, 2), counters.Begin(One));
        Assert.Equal((1, 1, 3), counters.Begin(Two));
    }

    [Fact]
    public void Session_that_ended_is_no_connection_any_more_but_was_one_of_the_rate()
    {
        ClientCounters counters = new(time, TimeSpan.FromSeconds(60));
        counters.Begin(One);
        counters.End(One);
        Assert.Equal((1, 2, 2), counters.Begin(One));
    }

    [Fact]
    public void Rate_forgets_what_is_older_than_the_window()
    {
        ClientCounters counters = new(time, TimeSpan.FromSeconds(60));
        counters.Begin(One);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((2, 2, 2), counters.Begin(One));
        time.Advance(TimeSpan.FromSeconds(35));
        Assert.Equal((3, 2, 2), counters.Begin(One));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((4, 1, 1), counters.Begin(One));
    }

    [Fact]
    public void Clients_without_sessions_are_forgotten_and_those_with_one_are_not()
    {
        ClientCounters counters = new(time, TimeSpan.FromSeconds(60));
        counters.Begin(One);
        for (int i = 0; i < 5000; i++)
        {
            IPAddress other = new(new byte[] { 10, 0, (byte)(i >> 8), (byte)i });
            counters.Begin(other);
            counters.End(other);
            if (i == 4000) time.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(2, counters.Begin(One).Connections);
    }
}
