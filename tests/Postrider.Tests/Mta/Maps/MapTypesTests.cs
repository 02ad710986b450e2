using Postrider.Mta.Maps;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

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

    [Fact]
    public async Task A_text_map_answers_from_its_file()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "alice\tdirectory\n");
        IMap map = MapTypes.Standard.Open(Line("text", file), Services)!;
        File.Delete(file);
        Assert.Equal("directory", (await map.LookupAsync("alice", [], TestContext.Current.CancellationToken)).Value);
    }

    [Fact]
    public async Task A_text_map_without_its_file_is_a_temporary_failure_and_an_optional_one_empty()
    {
        IMap wanted = MapTypes.Standard.Open(Line("text", "/nonexistent/map"), Services)!;
        IMap optional = MapTypes.Standard.Open(Line("text", "-o /nonexistent/map"), Services)!;
        Assert.Equal(MapStatus.TempFail, (await wanted.LookupAsync("alice", [], TestContext.Current.CancellationToken)).Status);
        Assert.Equal(MapStatus.NotFound, (await optional.LookupAsync("alice", [], TestContext.Current.CancellationToken)).Status);
    }

    private static CfMap Line(string type, string arguments) => new(1, "", "m", type, arguments);
}
