using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Mta.Hosting.Monitor;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Tests.Mta.Hosting.Monitor;

/// <summary>Real programs, started by the real binary. Started as root they run as other users; otherwise as whoever runs the tests.</summary>
public sealed class MailerLauncherTests
{
    [Fact]
    public async Task The_program_gets_the_message_its_own_name_and_no_environment_but_sendmails()
    {
        MailerExit exit = await RunAsync("cat; echo \"0=$0\"; env -i /usr/bin/env; tr '\\0' '\\n' < /proc/$$/environ; ls /proc/self/fd | tr '\\n' ' '; umask; pwd", "the message\n");
        Assert.Equal(0, exit.Code);
        Assert.Equal("the message\n0=mysh\nAGENT=sendmail\n0 1 2 3 0022\n/\n", exit.Output);
    }

    [Fact]
    public async Task Nobody_in_particular_means_DefaultUser_with_his_groups_alone()
    {
        MailerExit exit = await RunAsync("id -u; id -G");
        Assert.Equal(SystemUser.IsRoot ? "1\n1\n" : $"{SystemUser.Current.Uid}\n", exit.Output[..(SystemUser.IsRoot ? exit.Output.Length : exit.Output.IndexOf('\n', StringComparison.Ordinal) + 1)]);
    }

    [Fact]
    public async Task It_runs_as_the_user_in_whose_name_it_is_in_his_home()
    {
        SystemUser user = SystemUser.Find("www-data")!;
        MailerExit exit = await RunAsync("id -un; pwd; grep -c 'CapEff:.0000000000000000' /proc/self/status", controller: "www-data", directory: "$z:/");
        Assert.Equal(SystemUser.IsRoot ? $"www-data\n{(Directory.Exists(user.Home) ? user.Home : "/")}\n1\n" : exit.Output, exit.Output);
    }

    [Fact]
    public async Task Roots_mail_is_delivered_as_DefaultUser() =>
        Assert.Equal(SystemUser.IsRoot ? "1\n" : $"{SystemUser.Current.Uid}\n", (await RunAsync("id -u", controller: "root")).Output);

    [Fact]
    public async Task A_mailer_whose_U_names_root_without_flag_S_runs_not_at_all()
    {
        MailerExit exit = await RunAsync("id -u", user: "root");
        if (SystemUser.IsRoot) Assert.Contains("would run as root", exit.Trouble, StringComparison.Ordinal);
        else Assert.Equal($"{SystemUser.Current.Uid}\n", exit.Output);
    }

    [Fact]
    public async Task Exit_code_and_death_by_a_signal_are_told_apart()
    {
        Assert.Equal((67, 0), await CodeAsync("exit 67"));
        Assert.Equal((0, 9), await CodeAsync("kill -9 $$"));
        Assert.Equal((0, 13), await CodeAsync("kill -13 $$")); // ignored signals would stay ignored in the program
    }

    [Fact]
    public async Task A_program_that_does_not_read_its_message_decides_by_its_exit_code() => Assert.Equal((0, 0), await CodeAsync("exit 0", new string('x', 1 << 20)));

    [Fact]
    public async Task What_it_says_is_kept_up_to_a_limit_and_never_blocks_it()
    {
        MailerExit exit = await RunAsync("head -c 300000 /dev/zero | tr '\\0' a; echo b >&2");
        Assert.Equal((0, MailerExit.MaxOutput), (exit.Code, exit.Output.Length));
    }

    [Fact]
    public async Task A_program_that_cannot_be_executed_is_a_temporary_failure()
    {
        MailerExit exit = await RunAsync("", path: "/no/such/program");
        Assert.Equal(71, exit.Code);
        Assert.Equal("Cannot exec /no/such/program: No such file or directory\n", exit.Output);
    }

    [Fact]
    public async Task A_program_that_does_not_end_in_time_is_killed_with_its_children()
    {
        string mark = "3141" + Environment.ProcessId;
        MailerExit exit = await RunAsync($"sleep {mark} & sleep {mark}", wait: TimeSpan.FromSeconds(2));
        Assert.Contains("did not end", exit.Trouble, StringComparison.Ordinal);
        using Process left = Process.Start(new ProcessStartInfo("pgrep", ["-f", $"sleep {mark}"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        Assert.Equal("", await left.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_mailer_that_is_none_or_runs_no_program_is_refused()
    {
        using MailerLauncher launcher = new(() => new MailerTable([new MailerDefinition { Name = "esmtp", Path = "[IPC]", Arguments = ["TCP", "$h"] }]), PostriderBinary.Command, TimeProvider.System);
        using SafeFileHandle content = Content("");
        foreach (string name in (string[])["esmtp", "nobody"])
            Assert.NotNull((await launcher.RunAsync(new MailerRun { Mailer = name, Users = [] }, content, TestContext.Current.CancellationToken)).Trouble);
    }

    private static async Task<(int, int)> CodeAsync(string script, string message = "")
    {
        MailerExit exit = await RunAsync(script, message);
        return (exit.Code, exit.Signal);
    }

    private static async Task<MailerExit> RunAsync(string script, string message = "", string? controller = null, string? user = null, string? directory = null, string path = "/bin/sh", TimeSpan? wait = null)
    {
        MailerDefinition mailer = new() { Name = "prog", Path = path, Arguments = ["mysh", "-c", "$u"], User = user, Directory = directory, Wait = wait };
        using MailerLauncher launcher = new(() => new MailerTable([mailer]) { DefaultUser = "1:1" }, PostriderBinary.Command, TimeProvider.System);
        using SafeFileHandle content = Content(message);
        return await launcher.RunAsync(new MailerRun { Mailer = "prog", Users = [script], Controller = controller }, content, TestContext.Current.CancellationToken);
    }

    private static SafeFileHandle Content(string message)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, message, new UTF8Encoding(false));
        SafeFileHandle handle = File.OpenHandle(path);
        File.Delete(path);
        return handle;
    }
}
