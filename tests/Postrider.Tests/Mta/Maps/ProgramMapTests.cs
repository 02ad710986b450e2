using Postrider.Sendmail.Maps;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Maps;

/// <summary>What sendmail 8.17 made of the same program, and what must not happen.</summary>
public sealed class ProgramMapTests : IDisposable
{
    private const string Script = """
        #!/bin/sh
        [ -n "$FIRST" ] && exit 9
        case "$2" in
        fail*) echo x; exit ${2#fail};;
        silent) exit 0;;
        err) echo oops >&2; exit 0;;
        nonl) printf abc;;
        blank) echo; echo second;;
        ctl) printf 'a\001\177b\033[m\r\n';;
        pct) echo '%0 %1';;
        stdin) cat; echo done;;
        env) env | grep -v '^PWD=\|^SHLVL=\|^_=' | tr '\n' ' ';;
        kill) echo hi; kill -9 $$;;
        hang) echo hi; sleep 100;;
        big) yes;;
        *) echo "$# [$1] [$2]"; echo second;;
        esac
        """;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("progmap");
    private readonly List<string> problems = [];

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [InlineData("key", "2 [first] [key]")]
    [InlineData("KEY", "2 [first] [KEY]")]
    [InlineData("a b; echo $(id) `id` > /tmp/x | \"y\" 'z'", "2 [first] [a b; echo $(id) `id` > /tmp/x | \"y\" 'z']")]
    [InlineData("-rf", "!the key would become an option of the program")] // sendmail hands it over
    [InlineData("line\nend", "2 [first] [line")]
    [InlineData("fail0", "x")]
    [InlineData("fail1", "?")]
    [InlineData("fail67", "?")]
    [InlineData("fail75", "!it says to try again later")]
    [InlineData("silent", "?")]
    [InlineData("err", "?")]
    [InlineData("nonl", "abc")]
    [InlineData("blank", "")]
    [InlineData("ctl", "aXXbX[m")]
    [InlineData("pct", "pct one")]
    [InlineData("stdin", "done")]
    [InlineData("env", "AGENT=sendmail ")]
    [InlineData("kill", "!died on signal 9")]
    [InlineData("big", "!it writes more than 65536 octets")]
    [InlineData("nul\0l", "?")]
    public async Task First_line_and_exit_status_are_the_answer(string key, string expected) =>
        Assert.Equal(expected, (await NetworkMap.AskAsync(Map("first"), key, "one")).Replace($"program map p: {directory.FullName}/prog: ", "", StringComparison.Ordinal));

    [Fact]
    public async Task What_it_complains_of_is_told()
    {
        await NetworkMap.AskAsync(Map("first"), "err");
        Assert.Equal("program map p: oops", Assert.Single(problems));
    }

    [Fact]
    public async Task Words_of_the_line_are_arguments_with_their_quotation_marks() =>
        Assert.Equal("""5 ["a] [b"]""", await NetworkMap.AskAsync(Map("\"a b\" 'c d'"), "x"));

    [Fact]
    public async Task A_program_that_does_not_end_is_killed_and_a_temporary_failure()
    {
        ManualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        Task<string> answer = NetworkMap.AskAsync(Map("first", clock), "hang");
        while (!answer.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Contains("no end after 60 seconds", await answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nonexistent/program")]
    [InlineData("sh")]
    [InlineData("/")]
    public async Task A_program_that_cannot_be_started_is_a_temporary_failure(string path) =>
        Assert.StartsWith("!program map p: /", await NetworkMap.AskAsync(NetworkMap.Open("p program " + path, NetworkMap.Services()), "x"), StringComparison.Ordinal);

    [Fact]
    public void Without_a_program_the_line_is_refused() =>
        Assert.Equal("No file name for program map p", Assert.Throws<FormatException>(static () => NetworkMap.Open("p program", NetworkMap.Services())).Message);

    [Theory]
    [InlineData("", 6)]
    [InlineData("-L", 6)]
    [InlineData("-Linfo", 6)]
    [InlineData("-LLOG_ERR", 3)]
    [InlineData("-L debug", 7)]
    public async Task Syslog_writes_the_key_and_answers_with_nothing(string flags, int severity)
    {
        List<(int, string)> log = [];
        IMap map = NetworkMap.Open("s syslog " + flags, NetworkMap.Services() with { Log = (level, text) => log.Add((level, text)) });
        Assert.Equal("", await NetworkMap.AskAsync(map, "hello %d"));
        Assert.Equal((severity, "hello %d"), Assert.Single(log));
    }

    [Theory]
    [InlineData("s syslog -Lfoo", "syslog_map_parseargs: Unknown priority foo")]
    [InlineData("s syslog -aX", "Illegal option a map syslog")]
    [InlineData("s nis passwd.byname", "map s: class nis not available: makemap takes what ypcat writes")]
    [InlineData("s nisplus x", "map s: class nisplus not available: makemap takes what niscat writes")]
    [InlineData("s hesiod x", "map s: class hesiod not available: a dns map with -R TXT asks the same records")]
    [InlineData("s netinfo x", "map s: class netinfo not available: its server is not made any more")]
    [InlineData("s ph x", "map s: class ph not available: its servers are not run any more; ldap asks a directory")]
    public void What_is_not_served_is_refused_by_name(string line, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => NetworkMap.Open(line, NetworkMap.Services())).Message);

    private IMap Map(string arguments, TimeProvider? time = null)
    {
        string path = Path.Combine(directory.FullName, "prog");
        File.WriteAllText(path, Script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return NetworkMap.Open($"p program {path} {arguments}", NetworkMap.Services() with { Time = time ?? TimeProvider.System, Problem = problems.Add });
    }
}
