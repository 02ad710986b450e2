using Postrider.Mta.Aliasing;
using Postrider.Sendmail.Maps;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Aliasing;

public sealed class AliasDatabaseTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("postrider-aliasdb-").FullName;
    private readonly ManualTimeProvider time = new();

    private string Text => Path.Combine(directory, "aliases");

    [Fact]
    public async Task The_text_serves_until_there_is_a_database_beside_it()
    {
        AliasDatabase map = new(Text, new FakeAliases("a: text"), static () => new FakeAliases("a: database"), time);
        Assert.Equal("text", await Find(map));
        await File.WriteAllTextAsync(Text + ".db", "");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("database", await Find(map));
        File.Delete(Text + ".db");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("text", await Find(map));
    }

    [Fact]
    public async Task Names_are_asked_of_the_database_in_lower_case()
    {
        await File.WriteAllTextAsync(Text + ".db", "");
        RecordingMap database = new();
        AliasDatabase map = new(Text, new FakeAliases(""), () => database, time);
        await map.LookupAsync("MAILER-DAEMON", [], CancellationToken.None);
        Assert.Equal(["mailer-daemon"], database.Asked);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static async Task<string> Find(AliasDatabase map) => (await map.LookupAsync("a", [], CancellationToken.None)).Value;

    private sealed class RecordingMap : IMap
    {
        public List<string> Asked { get; } = [];

        public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
        {
            Asked.Add(key);
            return new ValueTask<MapResult>(MapResult.NotFound);
        }
    }
}
