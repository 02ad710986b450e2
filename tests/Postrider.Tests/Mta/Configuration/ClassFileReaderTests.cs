using System.Text;
using Postrider.Mta.Configuration;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Tests.Mta.Configuration;

/// <summary>What the real sendmail 8.17 said when it was given the same line, the same file and the same modes.</summary>
public sealed class ClassFileReaderTests : IDisposable
{
    private const string Mixed = "one two three\n# comment\nfour # five\n  six\n\nseven#eight\n\"q q\"\n\tnine\tten\n";

    // Not below /tmp, which everybody may write.
    private readonly string directory = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "classes-" + Guid.NewGuid().ToString("N"))).FullName;

    private readonly ClassFileSettings settings;

    public ClassFileReaderTests()
    {
        File.SetUnixFileMode(directory, (UnixFileMode)0x1ed);

        // What stands above the tests' own directory is not what is tested.
        settings = new ClassFileSettings { Trust = new PathTrust { GroupWritableDirectories = IsGroupWritable(), StickyBit = true }, ProgramUser = DefaultUser.Name(null) };
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("", "one four six seven#eight \"q nine")]
    [InlineData(" %*s %s", "two # q\" ten")]
    [InlineData(" %[^\\#]", "one two three four six seven \"q q\" nine ten")]
    public void File_gives_what_its_format_takes_of_each_line(string format, string words) => Assert.Equal(words, Words($"FX{Write("c", Mixed)}{format}"));

    [Fact]
    public void Octets_that_are_no_text_do_no_harm() => Assert.Equal("a c \u00e9\u00ff last", Words("FX" + Write("c", "a\0b\nc\r\n\u00e9\u00ff\nlast")));

    [Fact]
    public void Macros_are_not_put_into_a_class_file() => Assert.Equal("$j $=w", Words("FX" + Write("c", "$j $w\n$=w\n")));

    [Fact]
    public void File_in_quotes_may_have_blanks_in_its_name() => Assert.Equal("a", Words($"FX\"{Write("a file", "a\n")}\""));

    [Fact]
    public void Absent_file_is_an_error_of_the_system_unless_it_is_optional()
    {
        Assert.Equal("71 fileclass: cannot open '/nowhere/c': No such file or directory", Words("FX/nowhere/c"));
        Assert.Equal("", Words("FX-o /nowhere/c"));
        Assert.Equal("71 fileclass: cannot open 'relative': No such file or directory", Words("FXrelative"));
    }

    [Fact]
    public void Directory_device_and_link_to_nothing_are_refused()
    {
        Assert.Equal($"71 fileclass: cannot open '{directory}': Regular files only", Words("FX" + directory));
        Assert.Equal("71 fileclass: cannot open '/dev/null': Regular files only", Words("FX/dev/null"));
        string link = Path.Combine(directory, "link");
        File.CreateSymbolicLink(link, Path.Combine(directory, "nothing"));
        Assert.Equal($"71 fileclass: cannot open '{link}': No such file or directory", Words("FX" + link));
        Assert.Equal("", Words("FX-o " + directory));
    }

    [Fact]
    public void Mode_of_the_file_does_not_matter_and_that_of_its_directory_does()
    {
        string file = Write("c", "a\n");
        File.SetUnixFileMode(file, (UnixFileMode)0x1b4);
        Assert.Equal("a", Words("FX" + file));
        File.SetUnixFileMode(file, (UnixFileMode)0x1b6);
        Assert.Equal($"a 0 class X: the world may write {file}", Words("FX" + file));
        File.SetUnixFileMode(file, (UnixFileMode)0x1a4);
        File.SetUnixFileMode(directory, (UnixFileMode)0x1ff);
        Assert.Equal($"71 fileclass: cannot open '{file}': World writable directory", Words("FX" + file));
        Assert.Equal("", Words("FX-o " + file));
        Assert.Equal("a", Words("FX" + file, "ClassFileInUnsafeDirPath"));
        File.SetUnixFileMode(directory, (UnixFileMode)0x1fd);
        Assert.Equal($"71 fileclass: cannot open '{file}': Group writable directory", Read("FX" + file, settings with { Trust = new PathTrust { StickyBit = true } }));
        Assert.Equal("a", Words("FX" + file, "GroupWritableDirPathSafe"));
    }

    [Fact]
    public void Link_in_an_unsafe_directory_wants_a_word_of_its_own()
    {
        string link = Path.Combine(directory, "link");
        File.CreateSymbolicLink(link, Write("c", "a\n"));
        Assert.Equal("a", Words("FX" + link));
        File.SetUnixFileMode(directory, (UnixFileMode)0x1ff);
        Assert.Equal($"71 fileclass: cannot open '{link}': Symbolic links not allowed", Words("FX" + link, "ClassFileInUnsafeDirPath"));
        Assert.Equal("a", Words("FX" + link, "ClassFileInUnsafeDirPath,LinkedClassFileInWritableDir"));
    }

    [Fact]
    public void Sticky_directory_is_safe_when_the_site_says_so()
    {
        string file = Write("c", "a\n");
        File.SetUnixFileMode(directory, (UnixFileMode)0x3ff);
        Assert.Equal($"71 fileclass: cannot open '{file}': World writable directory", Read("FX" + file, settings with { Trust = new PathTrust { GroupWritableDirectories = true } }));
        Assert.Equal("a", Words("FX" + file));
    }

    [Fact]
    public void File_of_too_many_octets_or_words_is_refused_and_a_long_word_left_out()
    {
        string file = Write("c", "one\ntwo\nthree\n");
        Assert.Equal($"70 fileclass: '{file}' is longer than 5 octets", Read("FX" + file, settings with { MaxOctets = 5 }));
        Assert.Equal($"70 fileclass: '{file}' has more than 2 words", Read("FX" + file, settings with { MaxWords = 2 }));
        Assert.Equal($"one two 0 class X: {file}(3): a word of 5 octets is left out", Read("FX" + file, settings with { MaxWord = 4 }));
    }

    [Fact]
    public void Line_of_a_million_octets_does_no_harm() => Assert.Equal("a", Read("FX" + Write("c", new string('x', 1 << 20) + "\na\n"), settings).Split(' ')[0]);

    [Fact]
    public void Program_gets_an_argument_vector_and_no_shell() => Assert.Equal("one $HOME `id` ; two>x", Words("FX\"|/usr/bin/printf %s\\n one $HOME `id` ; two>x\""));

    [Fact]
    public void Program_without_quotes_gets_no_argument() => Assert.Equal("", Words("FX|/bin/echo one two"));

    [Fact]
    public void Program_finds_the_environment_of_the_file_only() =>
        Assert.Equal("AGENT=sendmail FOO=bar", string.Join(' ', Read("FX|/usr/bin/env", settings with { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["FOO"] = "bar" } }).Split(' ').Order(StringComparer.Ordinal)));

    [Fact]
    public void Program_that_is_not_there_is_an_error()
    {
        Assert.Equal("71 fileclass: cannot open '|/bin/nonexistent': No such file or directory", Words("FX|/bin/nonexistent"));
        Assert.Equal($"71 fileclass: cannot open '|{Write("c", "")}': Permission denied", Words("FX|" + Path.Combine(directory, "c")));
        Assert.Equal("71 fileclass: cannot open '|env': No such file or directory", Words("FX|env"));
    }

    [Fact]
    public void Program_that_never_ends_or_never_stops_talking_is_ended()
    {
        Assert.Equal("71 fileclass: cannot open '|/bin/sleep': no end within 0.2 seconds", Read("FX\"|/bin/sleep 1000\"", settings with { Patience = TimeSpan.FromSeconds(0.2) }));
        Assert.Equal("70 fileclass: '/usr/bin/yes' is longer than 100000 octets", Read("FX|/usr/bin/yes", settings with { MaxOctets = 100_000 }));
    }

    [Fact]
    public void Words_of_a_program_that_fails_are_taken_with_a_warning() =>
        Assert.Equal("71 0 class X: /bin/sh ended with status 3; its words are taken all the same, as sendmail does", Read($"FX\"|/bin/sh {Write("p", "echo 71\nexit 3\n")}\"", settings));

    [Fact]
    public void Map_gives_the_words_of_one_key()
    {
        ClassFileSettings mapped = settings with { OpenMap = static line => line is { Type: "text", Arguments: "-k0 -v1 /t" } ? TextMap.Parse("k1 a\nk2 b\n", MapSpec.OfType(line.Type, line.Arguments).Flags) : null };
        Assert.Equal("a", Read("F{X}k1@TEXT: -k0 -v1 /t", mapped));
        Assert.Equal("", Read("F{X}k9@text:-k0 -v1 /t", mapped));
        Assert.Equal("70 fileclass: F{X}: class bogus not available", Read("F{X}k1@bogus:/t", mapped));
    }

    [Fact]
    public void Map_that_cannot_be_asked_is_an_error_not_an_empty_class()
    {
        ClassFileSettings broken = settings with { OpenMap = static _ => new BrokenMap() };
        Assert.Equal("71 fileclass: F{X}: map open failed: broken", Read("F{X}k@text:/t", broken));
        Assert.Equal("", Read("F{X}-o k@text:/t", broken));
    }

    [Fact]
    public void LDAP_without_more_asks_for_the_schema_of_sendmail()
    {
        CfMap? asked = null;
        Read("F{VirtHost}@LDAP", settings with { Expand = static text => text.Replace("$j", "mx", StringComparison.Ordinal), OpenMap = line => { asked = line; return null; } });
        Assert.Equal(("ldap", "-k (&(objectClass=sendmailMTAClass)(sendmailMTAClassName=VirtHost)(|(sendmailMTACluster=${sendmailMTACluster})(sendmailMTAHost=mx))) -v sendmailMTAClassValue"), (asked!.Type, asked.Arguments));
    }

    private string Words(string line, string blame = "GroupWritableDirPathSafe") =>
        Read(line, settings with { Trust = PathTrust.OfClassFiles(CfValue.List(blame)) with { StickyBit = true, GroupWritableDirectories = settings.Trust.GroupWritableDirectories || blame.Contains("Group", StringComparison.Ordinal) } });

    private static string Read(string line, ClassFileSettings settings)
    {
        CfDocument document = CfDocument.Parse(line + "\n", "t.cf");
        Assert.True(document.IsValid, string.Join('\n', document.Diagnostics));
        ClassFileReading reading = ClassFileReader.Read(Assert.Single(document.ClassFiles), settings);
        return string.Join(' ', reading.Words.Concat(reading.Problems.Select(static problem => $"{problem.ExitStatus} {problem.Message}")));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(directory, name);
        File.WriteAllText(path, text, Encoding.Latin1);
        return path;
    }

    private bool IsGroupWritable()
    {
        for (string? above = Path.GetDirectoryName(directory); above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.GetUnixFileMode(above).HasFlag(UnixFileMode.GroupWrite)) return true;
        }

        return false;
    }

    private sealed class BrokenMap : IMap
    {
        public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => new(MapResult.TempFail("broken"));
    }
}
