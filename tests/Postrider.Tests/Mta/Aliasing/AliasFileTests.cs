using Postrider.Mta.Aliasing;
using Postrider.Sendmail.Maps;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Aliasing;

public sealed class AliasFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("postrider-aliases-").FullName;
    private readonly ManualTimeProvider time = new();
    private readonly List<string> problems = [];

    private string Path => System.IO.Path.Combine(directory, "aliases");

    [Fact]
    public async Task Names_are_found_in_any_case_and_the_last_of_two_counts()
    {
        AliasFile file = Open("# comment\nPostmaster: root\nmulti: alice, bob,\n\tcarol\n\ndup: alice\nDUP: bob\n\"Quoted.Name\": carol\n");
        Assert.Equal("root", await Find(file, "postmaster"));
        Assert.Equal("alice, bob,\tcarol", await Find(file, "multi"));
        Assert.Equal("bob", await Find(file, "dup"));
        Assert.Equal("carol", await Find(file, "quoted.name"));
        Assert.Null(await Find(file, "nosuch"));
        Assert.Empty(problems);
    }

    [Fact]
    public async Task A_line_that_is_no_alias_is_told_and_the_others_serve()
    {
        AliasFile file = Open("  leading: alice\nnoaliascolon\nx:\n: y\n|p: alice\ngood: alice\n");
        Assert.Equal("alice", await Find(file, "good"));
        Assert.Equal(
            [
                $"{Path}: line 1: Non-continuation line starts with space",
                $"{Path}: line 2: missing colon",
                $"{Path}: line 3: x:... missing value for alias",
                $"{Path}: line 4: : y... illegal alias name",
                $"{Path}: line 5: |p... cannot alias non-local names",
            ],
            problems);
    }

    [Fact]
    public async Task A_file_that_changes_is_read_again()
    {
        AliasFile file = Open("a: alice\n");
        Assert.Equal("alice", await Find(file, "a"));
        await File.WriteAllTextAsync(Path, "a: bob, carol\n");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("bob, carol", await Find(file, "a"));
    }

    [Fact]
    public async Task A_file_that_goes_away_keeps_what_was_good()
    {
        AliasFile file = Open("a: alice\n");
        File.Delete(Path);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("alice", await Find(file, "a"));
        Assert.Equal($"{Path}: No such file or directory", Assert.Single(problems));
    }

    [Fact]
    public async Task A_file_that_never_was_is_a_temporary_failure_unless_it_is_optional()
    {
        AliasFile missing = new(Path, isOptional: false, time, problems.Add);
        MapResult result = await missing.LookupAsync("a", [], CancellationToken.None);
        Assert.Equal((MapStatus.TempFail, $"{Path}: No such file or directory"), (result.Status, result.Reason));
        Assert.Equal(MapStatus.NotFound, (await new AliasFile(Path, isOptional: true, time).LookupAsync("a", [], CancellationToken.None)).Status);
        await File.WriteAllTextAsync(Path, "a: alice\n");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("alice", await Find(missing, "a"));
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static async Task<string?> Find(AliasFile file, string name)
    {
        MapResult result = await file.LookupAsync(name, [], CancellationToken.None);
        return result.Status == MapStatus.Found ? result.Value : null;
    }

    private AliasFile Open(string text)
    {
        File.WriteAllText(Path, text);
        return new AliasFile(Path, isOptional: false, time, problems.Add);
    }
}
