using Postrider.Cli;
using Postrider.Mta.Hosting;

namespace Postrider.Tests.Cli;

public sealed class AppletTableTests
{
    [Theory]
    [InlineData("sendmail\0-bd\0", "sendmail")]
    [InlineData("/usr/lib/sendmail\0", "sendmail")]
    [InlineData("out/mailq", "mailq")]
    public void Name_of_the_program_comes_from_the_command_line_of_the_kernel(string commandLine, string name) =>
        Assert.Equal(name, InvocationName.Parse(System.Text.Encoding.UTF8.GetBytes(commandLine)));

    [Fact]
    public void Name_it_is_called_by_goes_before_the_first_argument()
    {
        (Applet applet, IReadOnlyList<string> rest) = AppletTable.Choose("mailq", ["sendmail", "-v"]);
        Assert.Equal("mailq", applet.Name);
        Assert.Equal(["sendmail", "-v"], rest);
    }

    [Fact]
    public void Under_its_own_name_the_first_argument_chooses()
    {
        (Applet applet, IReadOnlyList<string> rest) = AppletTable.Choose("postrider", ["build", "x.mc"]);
        Assert.Equal("build", applet.Name);
        Assert.Equal(["x.mc"], rest);
    }

    [Fact]
    public void Without_arguments_the_table_is_printed() => Assert.Equal("help", AppletTable.Choose("postrider", []).Applet.Name);

    [Theory]
    [InlineData("hoststat")]
    [InlineData("purgestat")]
    [InlineData("smrsh")]
    public async Task Name_that_is_not_served_yet_says_so_in_one_line_and_exits_69(string name)
    {
        StringWriter error = new();
        SysExit exit = await AppletTable.Find(name)!.Run(new AppletContext(name, [], Stream.Null, TextWriter.Null, error, TimeProvider.System), CancellationToken.None);
        Assert.Equal(SysExit.Unavailable, exit);
        Assert.Equal(1, error.ToString().Count(static c => c == '\n'));
    }
}
