using Postrider.Mta.Maps;
using Postrider.Sendmail.Cf;

namespace Postrider.Tests.Mta.Maps;

public sealed class MapTypesTests
{
    private static readonly MapServices Services = new() { Time = TimeProvider.System, HostName = "mx.example.com" };

    [Fact]
    public void A_type_that_nobody_serves_is_not_made() => Assert.Null(MapTypes.Standard.Open(Line("nowhere", ""), Services));

    [Fact]
    public void Of_two_rows_for_one_type_the_later_wins()
    {
        UnavailableMap second = new("second");
        MapTypes types = new(new KeyValuePair<string, MapFactory>("x", static (_, _, _) => new UnavailableMap("first")), new KeyValuePair<string, MapFactory>("x", (_, _, _) => second));
        Assert.Same(second, types.Open(Line("x", ""), Services));
    }

    private static CfMap Line(string type, string arguments) => new(1, "", "m", type, arguments);
}
