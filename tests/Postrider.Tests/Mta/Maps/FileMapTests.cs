using System.Text;
using Postrider.Mta.Maps;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Maps.Cdb;
using Postrider.Sendmail.Rewriting.MapTypes;
using Postrider.Testing;
using Postrider.Tests.Sendmail.Maps;

namespace Postrider.Tests.Mta.Maps;

/// <summary>Maps of files: flags, and what becomes of them while they are asked. Messages as sendmail 8.17 gave them (oracle 86).</summary>
public sealed class FileMapTests : IDisposable
{
    private readonly MapFiles files = new();
    private readonly ManualTimeProvider time = new();
    private readonly List<string> problems = [];
    private string? blame;

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("hash", "map.db")]
    [InlineData("btree", "map.db")]
    [InlineData("implicit", "map.db")]
    [InlineData("dbm", "map.pag")]
    [InlineData("cdb", "map.cdb")]
    public async Task A_map_is_found_under_sendmails_name_in_either_format(string type, string name)
    {
        IMap map = Open(type, "map");
        files.Write(name, MapFiles.Octets("sendmail-access"));
        Assert.Equal("REJECT", (await Ask(map, "Spam.Test")).Value);
        Write(name, ("spam.test", "OK"));
        Assert.Equal("OK", (await Ask(map, "Spam.Test")).Value);
        Assert.Equal("OK", (await Ask(Open(type, name), "spam.test")).Value);
        Assert.Equal(MapStatus.NotFound, (await Ask(map, "other")).Status);
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("", "bare", "1")]
    [InlineData("", "ended", "2")]
    [InlineData("-N", "bare", null)]
    [InlineData("-N", "ended", "2")]
    [InlineData("-O", "bare", "1")]
    [InlineData("-O", "ended", null)]
    [InlineData("", "BARE", "1")]
    [InlineData("-f", "BARE", null)]
    [InlineData("-a.", "bare", "1.")]
    [InlineData("-m", "Bare", "Bare")]
    [InlineData("-m -a@x", "Bare", "Bare@x")]
    [InlineData("", "\"a b\"", "quoted")] // rules take the marks away before they ask
    [InlineData("-q", "\"a b\"", "quoted")]
    [InlineData("", "args", "args/one/")]
    public async Task Flags_are_obeyed(string flags, string key, string? value)
    {
        Write("map.db", ("bare", "1"), ("ended\0", "2\0"), ("a b", "plain"), ("\"a b\"", "quoted"), ("args", "%0/%1/%2"));
        MapResult result = await Ask(Open("hash", flags, "map"), key, "one");
        Assert.Equal((value is null ? MapStatus.NotFound : MapStatus.Found, value ?? ""), (result.Status, result.Value));
    }

    [Fact]
    public async Task A_missing_map_is_a_temporary_failure_an_optional_one_empty_and_both_serve_when_it_comes()
    {
        IMap wanted = Open("hash", "map");
        IMap optional = Open("hash", "-o", "map");
        MapResult missing = await Ask(wanted, "k");
        Assert.Equal((MapStatus.TempFail, $"hash map \"m\": missing map file {Path("map.db")}: No such file or directory"), (missing.Status, missing.Reason));
        Assert.Equal(MapStatus.NotFound, (await Ask(optional, "k")).Status);
        _ = await Ask(wanted, "k");
        Assert.Single(problems);
        Write("map.db", ("k", "v"));
        Assert.Equal("v", (await Ask(wanted, "k")).Value);
        Assert.Equal("v", (await Ask(optional, "k")).Value);
        File.Delete(Path("map.db"));
        Assert.Equal(MapStatus.TempFail, (await Ask(wanted, "k")).Status);
    }

    [Fact]
    public async Task A_file_that_is_no_map_is_a_temporary_failure_even_of_an_optional_one()
    {
        files.Write("map.db", "broken line\n"u8);
        MapResult result = await Ask(Open("hash", "-o", "map"), "k");
        Assert.Equal(MapStatus.TempFail, result.Status);
        Assert.StartsWith($"Cannot open hash database {Path("map.db")}: ", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_in_a_directory_that_others_may_write_is_not_asked()
    {
        Write("map.db", ("k", "v"));
        IMap map = Open("hash", "map");
        Assert.Equal("v", (await Ask(map, "k")).Value);
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        files.Directory.UnixFileMode = Owner | UnixFileMode.GroupWrite;
        time.Advance(TimeSpan.FromSeconds(1));
        MapResult group = await Ask(map, "k");
        Assert.Equal((MapStatus.TempFail, $"hash map \"m\": unsafe map file {Path("map.db")}: Group writable directory"), (group.Status, group.Reason));
        files.Directory.UnixFileMode = Owner | UnixFileMode.OtherWrite;
        Assert.EndsWith("World writable directory", (await Ask(map, "k")).Reason, StringComparison.Ordinal);
        blame = "MapInUnsafeDirPath, TrustStickyBit";
        Assert.Equal("v", (await Ask(Open("hash", "map"), "k")).Value);
        files.Directory.UnixFileMode = Owner;
        Assert.Equal("v", (await Ask(map, "k")).Value);
    }

    /// <summary>Sixteen versions, each with all its keys at one number; whoever asks sees one number only, and no failure.</summary>
    [Fact]
    public async Task A_map_that_is_replaced_while_it_is_asked_never_shows_half_of_a_file()
    {
        Version(0);
        IMap map = Open("hash", "map");
        using CancellationTokenSource done = new();
        Task<int>[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            int last = 0;
            while (!done.IsCancellationRequested)
            {
                MapResult result = await Ask(map, "key37");
                Assert.Equal(MapStatus.Found, result.Status);
                int now = int.Parse(result.Value, System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(now >= last);
                last = now;
            }

            return last;
        }))];
        for (int number = 1; number <= 16; number++)
        {
            Version(number);
            await Task.Delay(5, TestContext.Current.CancellationToken);
            Assert.Equal(number.ToString(System.Globalization.CultureInfo.InvariantCulture), (await Ask(map, "key99")).Value);
        }

        await done.CancelAsync();
        _ = await Task.WhenAll(readers);

        void Version(int number)
        {
            Write("new", [.. Enumerable.Range(0, 100).Select(key => ($"key{key}", $"{number}"))]);
            File.Move(Path("new"), Path("map.db"), overwrite: true);
        }
    }

    [Fact]
    public async Task A_text_map_answers_from_its_file_as_it_is_now()
    {
        files.Write("users", "alice:1\nbob:2\n"u8);
        IMap map = Open("text", "-k0 -v1 -z:", "users");
        Assert.Equal("2", (await Ask(map, "bob")).Value);
        files.Write("users", "bob:333\n"u8);
        Assert.Equal("333", (await Ask(map, "bob")).Value);
        Assert.Equal(MapStatus.NotFound, (await Ask(map, "alice")).Status);
    }

    [Fact]
    public async Task A_text_map_without_its_file_is_a_temporary_failure_and_an_optional_one_empty()
    {
        Assert.Equal(MapStatus.TempFail, (await Ask(Open("text", "none"), "alice")).Status);
        Assert.Equal(MapStatus.NotFound, (await Ask(Open("text", "-o", "none"), "alice")).Status);
    }

    [Fact]
    public async Task A_stab_is_an_alias_file_in_memory()
    {
        files.Write("aliases", "al: one,\n  two\nAL2: x\nal2: y\n"u8);
        IMap map = Open("stab", "aliases");
        Assert.Equal("one,  two", (await Ask(map, "Al")).Value);
        Assert.Equal("y", (await Ask(map, "al2")).Value);
    }

    [Fact]
    public void A_switch_has_the_members_that_the_switch_file_names()
    {
        string order = files.Write("service.switch", "aliases files nis\n"u8);
        MapServices services = Services() with { Option = name => name == "ServiceSwitchFile" ? order : null };
        SequenceMap map = Assert.IsType<SequenceMap>(MapTypes.Standard.Open(new CfMap(1, "", "al", "switch", "aliases"), services));
        Assert.Equal(["al.files", "al.nis"], map.Members);
    }

    [Fact]
    public void A_map_without_a_file_name_is_refused() => Assert.Throws<FormatException>(() => MapTypes.Standard.Open(new CfMap(1, "", "m", "hash", "-o"), Services()));

    private static ValueTask<MapResult> Ask(IMap map, string key, params string[] arguments) => map.LookupAsync(key, arguments, CancellationToken.None);

    private string Path(string name) => System.IO.Path.Combine(files.Directory.FullName, name);

    private void Write(string name, params (string Key, string Value)[] entries) =>
        files.Write(name, CdbWriter.Write([.. entries.Select(static entry => KeyValuePair.Create(Encoding.Latin1.GetBytes(entry.Key), Encoding.Latin1.GetBytes(entry.Value)))]));

    private IMap Open(string type, string name) => Open(type, "", name);

    private IMap Open(string type, string flags, string name) => MapTypes.Standard.Open(new CfMap(1, "", "m", type, $"{flags} {Path(name)}"), Services())!;

    private MapServices Services() => new()
    {
        Time = time,
        HostName = "mx.example.com",
        Option = name => name == "DontBlameSendmail" ? blame ?? "TrustStickyBit" : null,
        Problem = problems.Add,
    };
}
