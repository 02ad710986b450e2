using System.Runtime.CompilerServices;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Mc;

namespace Postrider.Tests.Sendmail.Mc;

/// <summary>Our own library: what it writes, and what it says about mistakes.</summary>
public sealed class McCompilerTests
{
    private static McResult Compile(string text, string name = "site.mc") => McCompiler.Compile(text, name, new McCompileOptions { BaseDirectory = "/nonexistent" });

    private static string Good(string lines) => "include(`cf.m4')dnl\nOSTYPE(`linux')dnl\n" + lines + "MAILER(`local')dnl\n";

    private static string GoldenDirectory([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Goldens");

    public static TheoryData<string> Goldens => [.. Directory.GetFiles(GoldenDirectory(), "*.mc").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void A_golden_mc_gives_its_cf(string name)
    {
        McResult result = Compile(File.ReadAllText(Path.Combine(GoldenDirectory(), name + ".mc")), name + ".mc");
        string path = Path.Combine(GoldenDirectory(), name + ".cf");
        // To regenerate, and then to review: REGENERATE_GOLDENS=1 dotnet test ...
        if (Environment.GetEnvironmentVariable("REGENERATE_GOLDENS") == "1") { File.WriteAllText(path, result.CfText); }
        Assert.Empty(result.Diagnostics);
        Assert.Equal(File.ReadAllText(path), result.CfText);
    }

    [Theory]
    [MemberData(nameof(Goldens))]
    public void What_the_library_writes_the_reader_takes(string name)
    {
        CfDocument document = CfDocument.Parse(File.ReadAllText(Path.Combine(GoldenDirectory(), name + ".cf")), name + ".cf");
        Assert.Empty(document.Diagnostics);
        Assert.True(document.IsNative);
    }

    [Fact]
    public void Feature_arguments_come_through_exactly()
    {
        CfDocument document = CfDocument.Parse(
            Compile(Good("FEATURE(`dnsbl', `bl.example', `\"550 \" $&{client_addr} \", # \\x\"', `t')dnl\nFEATURE(`access_db')dnl\nFEATURE(`enhdnsbl', `a', `', `t')dnl\n")).CfText, "x.cf");
        Assert.Equal(["bl.example", "\"550 \" $&{client_addr} \", # \\x\"", "t"], document.Feature("dnsbl")!.Arguments);
        Assert.Empty(document.Feature("access_db")!.Arguments);
        Assert.Equal(["a", "", "t"], document.Feature("enhdnsbl")!.Arguments);
    }

    [Theory]
    [InlineData("define(`confPRIVACY_FLGS', `novrfy')dnl\n", 3, "unknown name `confPRIVACY_FLGS'", "did you mean `confPRIVACY_FLAGS'?")]
    [InlineData("FEATURE(`acces_db')dnl\n", 3, "unknown feature `acces_db'", "did you mean `access_db'?")]
    [InlineData("dnl\nFEATRUE(`access_db')dnl\n", 4, "unknown macro `FEATRUE'", "did you mean `FEATURE'?")]
    [InlineData("MAILER(`local')dnl\nFEATURE(`access_db')dnl\n", 4, "FEATURE(`access_db') must stand before MAILER(`local')", "move it above the first MAILER line")]
    [InlineData("MAILER(`stmp')dnl\n", 3, "unknown mailer `stmp'", "did you mean `smtp'?")]
    [InlineData("OSTYPE(`linus')dnl\n", 3, "unknown operating system `linus'", "did you mean `linux'?")]
    [InlineData("define(`confMAX_HOP', `many')dnl\n", 3, "confMAX_HOP: option MaxHopCount: `many' is not a number", null)]
    [InlineData("define(`confIGNORE_DOTS', `perhaps')dnl\n", 3, "confIGNORE_DOTS: option IgnoreDots: `perhaps' is neither true nor false", "write True or False")]
    [InlineData("define(`confTO_MAIL', `5x')dnl\n", 3, "confTO_MAIL: option Timeout.mail: `5x' is not a time", "write a time such as 30s, 5m, 2h30m or 5d; a bare number counts in `m'")]
    [InlineData("define(`confPRIVACY_FLAGS', `noexpm')dnl\n", 3, "confPRIVACY_FLAGS: readcf: Op line: noexpm unrecognized", "did you mean `noexpn'?")]
    [InlineData("FEATURE(`redirect', `x')dnl\n", 3, "FEATURE(`redirect') takes no argument", null)]
    [InlineData("FEATURE(`virtual_mailboxes')dnl\n", 3, "FEATURE(`virtual_mailboxes') needs 1 argument more", null)]
    [InlineData("DAEMON_OPTIONS(`Port=25, Family=inet7')dnl\n", 3, "DAEMON_OPTIONS: Unknown address family inet7 in Family=option", "did you mean `inet'?")]
    [InlineData("esyscmd(`id')dnl\n", 3, "shell command refused: `id' (in `esyscmd')", null)]
    [InlineData("dnl\ndefine(`x', `never closed)\n", 4, "end of file in string: the quote ``' opened here is never closed by `''", null)]
    [InlineData("FEATURE(`access_db'\n", 3, "end of file in argument list that was opened here (while expanding `FEATURE')", null)]
    public void A_mistake_is_told_with_its_line_and_a_remedy(string lines, int line, string message, string? remedy)
    {
        McResult result = Compile(Good(lines));
        Assert.False(result.Succeeded);
        Diagnostic told = result.Diagnostics.First(d => d.Severity == Severity.Error);
        string all = string.Join("\n", result.Diagnostics);
        Assert.True(told.File == "site.mc" && told.Line == line, $"at line {line} expected:\n{all}");
        Assert.True(told.Message.StartsWith(message, StringComparison.Ordinal), all);
        Assert.Equal(remedy, told.Remedy);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        McResult result = Compile(Good("define(`confMAX_HOP', `x')dnl\nFEATURE(`nosuch')dnl\nMAILER(`nosuch')dnl\n"));
        Assert.Equal([3, 4, 5], result.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Line).Order());
    }

    [Fact]
    public void A_value_is_expanded_when_the_file_has_ended()
    {
        McResult result = Compile(Good("define(`CERTS', `/etc/certs')dnl\ndefine(`confCACERT', `CERTS/ca.pem')dnl\ndefine(`CERTS', `/srv/certs')dnl\n"));
        Assert.Contains("O CACertFile=/srv/certs/ca.pem\n", result.CfText, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_is_there_without_an_include() => Assert.True(Compile("OSTYPE(`linux')\nMAILER(`smtp')\n").Succeeded);

    [Fact]
    public void A_macro_that_never_ends_is_told_and_ends()
    {
        McResult result = McCompiler.Compile("define(`x', `x')x\n", "site.mc", new McCompileOptions { Limits = new M4Limits { Expansions = 1000 } });
        Assert.Contains(result.Diagnostics, d => d.Message.Contains("never ends", StringComparison.Ordinal));
        Assert.False(result.Succeeded);
    }

    [Theory]
    [InlineData("define(`d', `$1$1$1$1$1$1$1$1')define(`e', `d(d(d(d(d(d(d(d(`$1'))))))))')e(e(`xxxxxxxx'))")]
    [InlineData("define(`f', `f($1x)')f()")]
    [InlineData("define(`f', `pushdef(`g', 1)f')f")]
    [InlineData("define(`f', `m4wrap(`f')')f")]
    [InlineData("patsubst(`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', `\\(a*\\)*\\1c')")]
    [InlineData("eval(1, 1, 2000000000)format(`%2000000000d', 1)")]
    [InlineData("include(`site.mc')")]
    public void Greedy_input_ends_within_the_limits(string text)
    {
        var limits = new M4Limits { Expansions = 20_000, Characters = 5_000_000, Text = 1 << 20, Stack = 1000 };
        var engine = new M4Engine(new M4Settings { Files = new Itself(text), Limits = limits });
        M4Result result = engine.Run(new M4Source("site.mc", text));
        Assert.Equal(1, result.ExitStatus);
        Assert.Contains(result.Diagnostics, d => d.Severity == Severity.Error);
    }

    [Fact]
    public void Deep_nesting_is_told_and_does_not_end_the_process()
    {
        string text = string.Concat(Enumerable.Repeat("len(", 100_000));
        M4Result result = new M4Engine(new M4Settings()).Run(new M4Source("deep.m4", text));
        Assert.Contains("nested more than 500 deep", result.Diagnostics.Single().Message, StringComparison.Ordinal);
        Assert.Equal(1, new M4Engine(new M4Settings()).Run(new M4Source("deep.m4", "eval(" + new string('(', 200_000) + ")")).ExitStatus);
    }

    private sealed class Itself(string text) : IM4Files
    {
        public M4Source? Open(string name) => new(name, text);
    }
}
