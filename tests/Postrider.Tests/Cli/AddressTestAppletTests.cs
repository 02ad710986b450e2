using System.Text;
using Postrider.Cli;
using Postrider.Mta.Hosting;

namespace Postrider.Tests.Cli;

/// <summary><c>sendmail -bt</c> as it is called; exit statuses and the texts of a mistaken file as sendmail 8.17 gave them.</summary>
public sealed class AddressTestAppletTests : IDisposable
{
    private const string Greeting = "ADDRESS TEST MODE (ruleset 3 NOT automatically invoked)\nEnter <ruleset> <address>\n";

    private const string Classic = """
        V10/Berkeley
        O OperatorChars=.:%@!^/[]+
        Djmx.example.com
        CVone.example two.example
        Kuser text -k0 -v1 users.txt
        Scanonify=3
        R$* < $* > $*	$2
        S0
        R$* @ $=V	$#esmtp $@ $2 $: $1 @ $2
        R$*	$#local $: $1
        Mlocal, P=/bin/true, F=lsDFMAw5:/|@q, S=0, R=0, A=true $u
        Mesmtp, P=[IPC], F=mDFMuXa, S=0, R=0, A=TCP $h
        Mprog, P=/bin/sh, F=lsD, A=sh -c $u

        """;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("postrider-bt");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task A_classic_file_is_tested()
    {
        (SysExit exit, string output, string error) = await Run(Classic, "3,0 Full Name <a@two.example>\n/quit\n0 never\n");
        Assert.Equal(SysExit.Ok, exit);
        Assert.Equal("", error);
        Assert.Equal(Greeting + """
            > canonify           input: Full Name < a @ two . example >
            canonify         returns: a @ two . example
            0                  input: a @ two . example
            0                returns: $# esmtp $@ two . example $: a @ two . example
            > 
            """, output);
    }

    [Fact]
    public async Task Maps_are_opened_and_levels_are_taken_from_the_command_line()
    {
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "users.txt"), "alice Wonderland\n");
        (_, string output, _) = await Run(Classic + "O DontBlameSendmail=TrustStickyBit\nSX\nR$-\t$: $(user $1 $)\n", "/map user alice\nX alice\n", "-d21.4,60.5");
        Assert.Equal(Greeting + """
            > map_lookup: user (alice) returns Wonderland (0)
            > X                  input: alice
            map_lookup(user, alice) => Wonderland (0), ad=0
            rewritten as: Wonderland
            X                returns: Wonderland
            > 
            """, output);
    }

    [Fact]
    public async Task Macros_and_options_of_the_command_line_count()
    {
        (SysExit exit, string output, _) = await Run(Classic, "$x\n${foo}\n$j\n${opMode}\n$={s}\n$=V\n", "-Mxval", "-M{foo}bar");
        Assert.Equal(SysExit.Ok, exit);
        Assert.Equal(Greeting + "> val\n> bar\n> mx.example.com\n> t\n> rfc822\n> two.example\none.example\n> ", output);
    }

    [Fact]
    public async Task A_file_with_mistakes_is_tested_all_the_same_and_ends_with_the_first_ones_status()
    {
        Assert.Equal(SysExit.OsError, (await Run(Classic + "F{q}/etc/nosuchfile\nZbogus\n", "0 a\n")).Exit);
        (SysExit exit, string output, _) = await Run(Classic + "Zbogus\nF{q}/etc/nosuchfile\nF{r}-o /etc/nosuchfile\n", "0 a\n");
        Assert.Equal(SysExit.Software, exit);
        Assert.Contains(": line 14: unknown configuration line \"Zbogus\"\n", output, StringComparison.Ordinal);
        Assert.Contains(": line 15: fileclass: cannot open '/etc/nosuchfile': No such file or directory\n", output, StringComparison.Ordinal);
        Assert.EndsWith(Greeting + "> 0                  input: a\n0                returns: $# local $: a\n> ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aliases_are_a_map_under_sendmails_names()
    {
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "aliases"), "postmaster: root\nlist: a,\n\tb\n");
        (_, string output, _) = await Run(Classic + "O AliasFile=" + Path.Combine(directory.FullName, "aliases") + "\n", "/map aliases postmaster\n/map aliases.files POSTMASTER\n/map Alias0 nosuch\n/map Alias1 x\n");
        Assert.Equal(Greeting + "> map_lookup: aliases (postmaster) returns root (0)\n> map_lookup: aliases.files (POSTMASTER) returns root (0)\n> map_lookup: Alias0 (nosuch) no match (68)\n> Map named \"Alias1\" not found\n> ", output);
    }

    private const string Native = """
        V10/Postrider
        Djmx.example.com
        Cwexample.com
        O QueueDirectory=/var/spool/nowhere
        O Feature.virtual_mailboxes=text:mailboxes, mail
        O Feature.accept_unresolvable_domains
        Mesmtp, P=[IPC], F=mDFMuXa, A=TCP $h
        SLocal_check_mail
        Rbad@$*	$#error $@ 5.7.1 $: "550 no"

        """;

    [Theory]
    [InlineData("canonify,parse alice@example.com", "canonify", "alice < @ example . com . >", "parse", "$# maildir $@ DIR/mail/alice $: alice")]
    [InlineData("canonify Full Name <x%example.org@example.com>", "canonify", "x < @ example . org . >", null, null)]
    [InlineData("canonify,parse x@example.org", "canonify", "x < @ example . org . >", "parse", "$# esmtp $@ example . org $: x @ example . org")]
    [InlineData("canonify,parse nobody@example.com", "canonify", "nobody < @ example . com . >", "parse", "$# error $@ 5 . 1 . 1 $: \"550 User unknown\"")]
    [InlineData("canonify,final x@example.org", "canonify", "x < @ example . org . >", "final", "x @ example . org")]
    [InlineData("check_mail bad@example.org", "check_mail", "$# error $@ 5 . 7 . 1 $: \"550 no\"", null, null)]
    [InlineData("check_mail good@example.org", "check_mail", "OK", null, null)]
    public async Task A_file_of_ours_is_tested_by_what_is_native(string command, string ruleset, string result, string? second, string? end)
    {
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "mailboxes"), "postmaster alice\nalice@example.com alice\n");
        (_, string output, _) = await Run(Native, command + "\n");
        string[] returned = [.. output.Replace(Path.Combine(directory.FullName, "mail"), "DIR/mail", StringComparison.Ordinal).Split('\n').Where(static line => line.Contains(" returns: ", StringComparison.Ordinal)).Select(static line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Equal(second is null ? [$"{ruleset} returns: {result}"] : [$"{ruleset} returns: {result}", $"{second} returns: {end}"], returned);
    }

    [Fact]
    public async Task A_question_mark_is_answered_from_the_sites_help_file()
    {
        string help = Path.Combine(directory.FullName, "helpfile");
        await File.WriteAllTextAsync(help, "#vers\t2\nquit\tQUIT\n-bt\tHelp of $j:\n-bt\t$$x\t :shows a macro\n-btx\tno\n");
        Assert.Equal(Greeting + "> Help of mx.example.com:\n$x\t :shows a macro\nEnd of HELP info\n> ", (await Run(Classic + "O HelpFile=" + help + "\n", "?\n")).Output);
        Assert.Contains("/dnslookup", (await Run(Classic + "O HelpFile=/nonexistent\n", "?\n")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_72()
    {
        (SysExit exit, string output, string error) = await Run(null, "0 a\n");
        Assert.Equal(SysExit.OsFile, exit);
        Assert.EndsWith("site.cf: line 0: cannot open: No such file or directory\n", error, StringComparison.Ordinal);
        Assert.Equal("", output);
    }

    [Fact]
    public async Task The_first_error_is_the_exit_status()
    {
        string cf = Classic.Replace("S0\n", "S0\nRbad\t$#error $@ 5.1.2 $: \"550 no host\"\n", StringComparison.Ordinal);
        Assert.Equal(SysExit.Software, (await Run(cf, "$\n/parse bad\n")).Exit);
        Assert.Equal(SysExit.NoHost, (await Run(cf, "/parse bad\n$\n")).Exit);
        Assert.Equal(SysExit.Software, (await Run(cf + "Zbogus\n", "/parse bad\n")).Exit);
        Assert.Equal(SysExit.Ok, (await Run(cf, "/nosuch\nnosuch x\n")).Exit);
    }

    private async Task<(SysExit Exit, string Output, string Error)> Run(string? cf, string commands, params string[] flags)
    {
        string file = Path.Combine(directory.FullName, "site.cf");
        if (cf is not null) await File.WriteAllTextAsync(file, cf);
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        using MemoryStream input = new(Encoding.Latin1.GetBytes(commands));
        AppletContext context = new("sendmail", ["-bt", "-C" + file, .. flags], input, output, error, TimeProvider.System);
        SysExit exit = await AppletTable.Find("sendmail")!.Run(context, CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }
}
