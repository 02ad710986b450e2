using Postrider.Mta.Hosting.Posix;
using Postrider.Mta.Users;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Hosting;

public sealed class SystemUserDirectoryTests
{
    private readonly SystemUserDirectory directory = new(new ManualTimeProvider());

    [Fact]
    public async Task A_user_of_the_system_is_found_by_name_and_by_number()
    {
        LocalUser root = (await directory.FindAsync("root", CancellationToken.None))!;
        Assert.Equal((0u, 0u, "/root"), (root.Uid, root.Gid, root.Home));
        Assert.NotEqual("", root.Shell);
        Assert.Equal("root", (await directory.FindAsync(0, CancellationToken.None))!.Name);
    }

    [Theory]
    [InlineData("nosuchuserofthissystem")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("../root")]
    [InlineData("root:x")]
    [InlineData("root\n")]
    [InlineData("root\0")]
    public async Task Nobody_else_is(string name) => Assert.Null(await directory.FindAsync(name, CancellationToken.None));

    [Fact]
    public async Task Many_who_ask_at_once_are_all_answered()
    {
        LocalUser?[] all = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => directory.FindAsync(i % 2 == 0 ? "root" : $"nosuch{i}", CancellationToken.None).AsTask()));
        Assert.Equal(250, all.Count(user => user is { Name: "root" }));
    }
}
