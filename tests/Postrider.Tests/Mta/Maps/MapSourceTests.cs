using Postrider.Mta.Configuration;
using Postrider.Mta.Maps;
using Postrider.Sendmail.Maps;
using Postrider.Testing;
using Postrider.Tests.Sendmail.Maps;

namespace Postrider.Tests.Mta.Maps;

public sealed class MapSourceTests : IDisposable
{
    private readonly MapFiles files = new();
    private readonly List<string> problems = [];

    public void Dispose() => files.Dispose();

    [Fact]
    public void What_was_opened_ahead_is_asked_without_being_opened_again()
    {
        files.Write("map.db", [1]);
        bool mayOpen = true;
        MapSource<string> source = Source(path => mayOpen ? "content" : throw new MapFileException("Permission denied"));
        source.OpenAhead();
        mayOpen = false; // the daemon is somebody else now
        Assert.Equal("content", source.Ask(static content => content, out bool isMissing));
        Assert.False(isMissing);
        Assert.Empty(problems);
    }

    [Fact]
    public void What_cannot_be_opened_ahead_is_told_once_and_asked_for_again()
    {
        files.Write("map.db", [1]);
        bool mayOpen = false;
        MapSource<string> source = Source(path => mayOpen ? "content" : throw new MapFileException("Permission denied"));
        source.OpenAhead();
        Assert.Throws<MapFileException>(() => source.Ask(static content => content, out _));
        Assert.Equal(["Permission denied"], problems);
        mayOpen = true;
        Assert.Equal("content", source.Ask(static content => content, out _));
    }

    private MapSource<string> Source(Func<string, string> open) => new(Path.Combine(files.Directory.FullName, "map.db"), "hash map \"map\"", PathTrust.OfMaps(["MapInUnsafeDirPath"]), new ManualTimeProvider(), open, problems.Add);
}
