using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Mta.Hosting.Monitor;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Tests.Mta.Hosting.Monitor;

/// <summary>Files written by the real binary, as another user where the tests run as root.</summary>
public sealed class MailboxFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("postrider-file-").FullName;

    public MailboxFileTests() => File.SetUnixFileMode(directory, (UnixFileMode)0b111_111_111);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Messages_are_appended_and_a_new_file_is_its_users_alone()
    {
        Assert.Equal(0, (await AppendAsync(In("box"), "one\n")).Code);
        Assert.Equal(0, (await AppendAsync(In("box"), "two\n")).Code);
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(In("box"), TestContext.Current.CancellationToken));
        FileFacts facts = FileFacts.Of(In("box"))!.Value;
        Assert.Equal((SystemUser.IsRoot ? 1u : SystemUser.Current.Uid, 0x180u), (facts.Uid, facts.Permissions));
    }

    [Fact]
    public async Task Nothing_is_kept_in_dev_null_and_nothing_fails() => Assert.Equal(0, (await AppendAsync("/dev/null", "x\n")).Code);

    /// <summary>sendmail 8.17, asked: 5.0.0 Can't create output.</summary>
    [Theory]
    [InlineData("link")]
    [InlineData("second name")]
    [InlineData("executable")]
    [InlineData("directory")]
    [InlineData("no/such/directory")]
    [InlineData("pipe")]
    public async Task What_is_no_ordinary_file_of_one_name_is_refused_for_good_and_stays_as_it_is(string kind)
    {
        string target = In("target");
        await File.WriteAllTextAsync(target, "old\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(target, (UnixFileMode)0b110_110_110);
        switch (kind)
        {
            case "link":
                File.CreateSymbolicLink(In(kind), target);
                break;
            case "second name":
                using (System.Diagnostics.Process made = System.Diagnostics.Process.Start("ln", [target, In(kind)])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
                break;
            case "executable":
                File.Copy(target, In(kind));
                File.SetUnixFileMode(In(kind), (UnixFileMode)0b111_111_111);
                break;
            case "directory":
                Directory.CreateDirectory(In(kind));
                break;
            case "pipe":
                using (System.Diagnostics.Process made = System.Diagnostics.Process.Start("mkfifo", ["-m", "666", In(kind)])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
                break;
        }

        Assert.Equal(73, (await AppendAsync(In(kind), "new\n")).Code);
        Assert.Equal("old\n", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SafeFileEnvironment_holds_every_path_inside_and_follows_no_link()
    {
        string safe = In("safe");
        Directory.CreateDirectory(safe);
        Directory.CreateDirectory(In("outside"));
        File.SetUnixFileMode(safe, (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(In("outside"), (UnixFileMode)0b111_111_111);
        File.CreateSymbolicLink(Path.Combine(safe, "out"), In("outside"));
        Assert.Equal(0, (await AppendAsync("/box", "one\n", safe)).Code);
        Assert.Equal(0, (await AppendAsync(safe + "/box", "two\n", safe)).Code);
        Assert.Equal(0, (await AppendAsync("/../../../up", "three\n", safe)).Code);
        Assert.Equal(73, (await AppendAsync("/out/box", "four\n", safe)).Code);
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(safe, "box"), TestContext.Current.CancellationToken));
        Assert.True(File.Exists(Path.Combine(safe, "up")));
        Assert.Empty(Directory.GetFiles(In("outside")));
    }

    private string In(string name) => Path.Combine(directory, name);

    private static async Task<MailerExit> AppendAsync(string path, string message, string? safe = null)
    {
        MailerDefinition mailer = new() { Name = "*file*", Path = "[FILE]", Flags = "9DEFMPloqsu", Arguments = ["FILE", "$u"] };
        using MailerLauncher launcher = new(() => new MailerTable([mailer]) { DefaultUser = "1:1", SafeFileEnvironment = safe }, PostriderBinary.Command, TimeProvider.System);
        string content = Path.GetTempFileName();
        await File.WriteAllTextAsync(content, message);
        using SafeFileHandle handle = File.OpenHandle(content);
        File.Delete(content);
        return await launcher.RunAsync(new MailerRun { Mailer = "*file*", Users = [path] }, handle, TestContext.Current.CancellationToken);
    }
}
