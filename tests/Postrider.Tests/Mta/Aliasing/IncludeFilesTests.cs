using Postrider.Mta.Aliasing;

namespace Postrider.Tests.Mta.Aliasing;

public sealed class IncludeFilesTests : IDisposable
{
    private const UnixFileMode Safe = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string directory = SafePlace.Make();

    [Fact]
    public async Task Lines_are_lists_and_comments_are_none()
    {
        IncludeList list = await IncludeFiles.ReadAsync(Write("# comment\nalice, bob\n\nfriend@d1.example.org (a friend)\n\"|/bin/cat -u\"\n"), CancellationToken.None);
        Assert.Null(list.Refusal);
        Assert.Equal(["bob", "alice", "friend@d1.example.org", "\"|/bin/cat -u\""], list.Members.Select(member => member.Address));
        Assert.EndsWith(": line 4: ", list.Members[2].Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite, "Group writable file")]
    [InlineData(UnixFileMode.OtherWrite, "World writable file")]
    public async Task A_file_that_others_may_write_is_refused(UnixFileMode more, string refusal)
    {
        string path = Write("alice\n");
        File.SetUnixFileMode(path, Safe | more);
        Assert.Equal(refusal, (await IncludeFiles.ReadAsync(path, CancellationToken.None)).Refusal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite, "Group writable directory")]
    [InlineData(UnixFileMode.OtherWrite | UnixFileMode.StickyBit, "World writable directory")]
    public async Task A_directory_that_others_may_write_is_refused(UnixFileMode more, string refusal)
    {
        string path = Write("alice\n");
        File.SetUnixFileMode(directory, SafePlace.Mode | more);
        Assert.Equal(refusal, (await IncludeFiles.ReadAsync(path, CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task A_link_is_safe_when_both_its_ends_are()
    {
        string link = Path.Combine(directory, "link");
        File.CreateSymbolicLink(link, Write("alice\n"));
        Assert.Null((await IncludeFiles.ReadAsync(link, CancellationToken.None)).Refusal);
        string open = Directory.CreateTempSubdirectory("postrider-include-").FullName;
        try
        {
            string target = Path.Combine(open, "list");
            await File.WriteAllTextAsync(target, "alice\n");
            File.SetUnixFileMode(target, Safe);
            File.Delete(link);
            File.CreateSymbolicLink(link, target);
            Assert.EndsWith(" writable directory", (await IncludeFiles.ReadAsync(link, CancellationToken.None)).Refusal, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(open, recursive: true);
        }
    }

    [Fact]
    public async Task What_is_no_file_of_a_list_is_refused_and_never_waited_for()
    {
        Assert.Equal("No such file or directory", (await IncludeFiles.ReadAsync(Path.Combine(directory, "nosuch"), CancellationToken.None)).Refusal);
        Assert.Equal("Permission denied", (await IncludeFiles.ReadAsync("etc/list", CancellationToken.None)).Refusal);
        Assert.Equal("Not a regular file", (await IncludeFiles.ReadAsync("/dev/zero", CancellationToken.None)).Refusal);
        Assert.Equal("Not a regular file", (await IncludeFiles.ReadAsync(directory, CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task A_file_without_end_is_refused()
    {
        string path = Write("");
        await using (FileStream file = File.OpenWrite(path)) file.SetLength(IncludeFiles.MaxOctets + 1);
        Assert.Equal("File too large", (await IncludeFiles.ReadAsync(path, CancellationToken.None)).Refusal);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private string Write(string text)
    {
        string path = Path.Combine(directory, "list");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, Safe);
        return path;
    }
}
