using System.Text;
using Postrider.Cli;
using Postrider.Cli.Options;
using Postrider.Mta.Hosting;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Maps.Cdb;
using Postrider.Tests.Sendmail.Maps;

namespace Postrider.Tests.Cli;

/// <summary>makemap, editmap, praliases, newaliases: messages and exit statuses of oracle 85 and of sendmail 8.17 when it was asked.</summary>
public sealed class MapToolTests : IDisposable
{
    private readonly MapFiles files = new();

    private string Name => Path.Combine(files.Directory.FullName, "m");

    private string Configuration => Path.Combine(files.Directory.FullName, "site.cf");

    public MapToolTests() => files.Write("site.cf", "V10/Berkeley\nO DontBlameSendmail=TrustStickyBit\n"u8);

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("", "key value\n# comment\nKEY2\tvalue two  \n\nbad\n", 65, "line 5: no RHS for LHS bad", "key\tvalue\nkey2\tvalue two  \n")]
    [InlineData("", "a 1\na 2\nb\nc 3\n", 65, "line 2: key a: duplicate key|line 3: no RHS for LHS b", "a\t1\nc\t3\n")]
    [InlineData("-d", "a 1\na 2\n", 0, "", "a\t1\na\t2\n")]
    [InlineData("-r", "a 1\na 2\n", 0, "", "a\t2\n")]
    [InlineData("-f", "KeepCase x\n", 0, "", "KeepCase\tx\n")]
    [InlineData("-N", "k v\n", 0, "", "k\tv\n")]
    [InlineData("-e", "empty\n", 0, "", "empty\t\n")]
    [InlineData("-t:", "k:: v\nj: w\nl:v:w\n", 0, "", "j\t w\nk\t v\nl\tv:w\n")]
    [InlineData("-D%", "% com\n#k v\n", 0, "", "#k\tv\n")]
    [InlineData("", " lead x\n\t\nk v#x", 65, "line 1: syntax error (leading space)|line 2: syntax error (leading space)", "k\tv#x\n")]
    [InlineData("", "a\0b c\nq\n", 65, "line 1: line too long (1024 bytes max)|line 2: no RHS for LHS q", "")]
    public async Task Makemap_takes_the_lines_that_sendmails_takes(string flags, string input, int exit, string problems, string listing)
    {
        (SysExit got, _, string error) = await Makemap(input, [.. Words(flags), "hash", Name]);
        Assert.Equal(exit, (int)got);
        Assert.Equal(string.Concat(problems.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(problem => $"makemap: {Name}: {problem}\n")), error);
        string made = (await Makemap("", ["-u", "hash", Name])).Output;
        Assert.Equal(Sorted(listing), Sorted(made));
        Assert.True(File.Exists(Name + ".db"));
    }

    [Fact]
    public async Task Makemap_lists_a_small_hash_in_the_order_of_sendmails()
    {
        await Makemap("a 2\n", ["hash", Name]);
        await Makemap("b 2\n", ["-o", "hash", Name]);
        Assert.Equal("b\t2\na\t2\n", (await Makemap("", ["-u", "hash", Name])).Output);
        await Tool("editmap", ["-C", Configuration, "-u", "hash", Name, "newk", "newv"]);
        Assert.Equal("b=2\na=2\nnewk=newv\n", (await Makemap("", ["-u", "-t=", "hash", Name])).Output);
        await Makemap("b 1\na 2\nB 3\n", ["-d", "btree", Name]);
        Assert.Equal("a\t2\nb\t1\nb\t3\n", (await Makemap("", ["-u", "btree", Name])).Output);
    }

    [Fact]
    public async Task Makemap_says_each_entry_and_appends_to_what_sendmails_made()
    {
        files.Write("m.db", MapFiles.Octets("sendmail-access"));
        (SysExit exit, string output, _) = await Makemap("K v\nspam.test OK\n", ["-v", "-o", "-r", "hash", Name]);
        Assert.Equal((SysExit.Ok, "key=`k', val=`v'\nkey=`spam.test', val=`OK'\n"), (exit, output));
        using IMapFile file = MapFile.Open(Name + ".db");
        Assert.IsType<CdbFile>(file);
        Assert.Equal(4, file.Entries().Count());
    }

    [Theory]
    [InlineData("", 64, "Usage: makemap")]
    [InlineData("hash", 64, "Usage: makemap")]
    [InlineData("-Z hash x", 64, "makemap: invalid option -- 'Z'\nUsage: makemap")]
    [InlineData("hash x -D", 64, "makemap: option requires an argument -- 'D'\nUsage: makemap")]
    public async Task A_mistaken_command_line_is_answered_with_the_usage(string arguments, int exit, string message)
    {
        UsageException e = await Assert.ThrowsAsync<UsageException>(() => Makemap("", Words(arguments)));
        Assert.Equal(exit, (int)e.Exit);
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bogus", "x", "makemap: error opening type bogus map {0}x: Unknown database type")]
    [InlineData("hash", "none/x", "makemap: error opening type hash map {0}none/x: No such file or directory")]
    [InlineData("hash", "link", "makemap: error opening type hash map {0}link: Symbolic links not allowed")]
    [InlineData("hash", "directory", "makemap: error opening type hash map {0}directory: Regular files only")]
    public async Task A_file_that_may_not_be_written_is_73(string type, string name, string message)
    {
        string below = files.Directory.FullName + "/";
        File.CreateSymbolicLink(below + "link.db", "site.cf");
        files.Directory.CreateSubdirectory("directory.db");
        Assert.Equal((SysExit.CannotCreate, "", string.Format(System.Globalization.CultureInfo.InvariantCulture, message, below) + "\n"), await Makemap("k v\n", [type, below + name]));
    }

    [Fact]
    public async Task Makemap_warns_of_a_directory_that_others_may_write_and_builds()
    {
        files.Directory.UnixFileMode |= UnixFileMode.GroupWrite;
        (SysExit exit, _, string error) = await Makemap("k v\n", ["hash", Name]);
        Assert.Equal((SysExit.Ok, $"WARNING: Group writable directory {files.Directory.FullName}\n"), (exit, error));
    }

    [Fact]
    public async Task A_file_keeps_its_mode_and_a_new_one_is_not_the_worlds()
    {
        await Makemap("k v\n", ["hash", Name]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(Name + ".db"));
        File.SetUnixFileMode(Name + ".db", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await Makemap("k v\n", ["hash", Name]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(Name + ".db"));
    }

    /// <summary>What makemap writes, <c>makemap -u</c> gives back: any keys and values without blanks at their beginning, NULs and line ends.</summary>
    [Theory]
    [InlineData("hash")]
    [InlineData("btree")]
    [InlineData("cdb")]
    [InlineData("dbm")]
    public async Task What_makemap_writes_it_gives_back(string type)
    {
        var random = new Random(20261121);
        for (int round = 0; round < 40; round++)
        {
            HashSet<string> lines = [];
            HashSet<string> keys = [];
            for (int i = random.Next(200); i > 0; i--)
            {
                string key = Octets(random, 1, 30, isKey: true);
                if (keys.Add(key)) lines.Add($"{key}\t{Octets(random, 1, 100, isKey: false)}\n");
            }

            (SysExit exit, _, string error) = await Makemap(string.Concat(lines), ["-f", type, Name]);
            Assert.Equal((SysExit.Ok, ""), (exit, error));
            Assert.Equal(lines.Order(StringComparer.Ordinal), Sorted((await Makemap("", ["-u", type, Name])).Output));
        }
    }

    [Fact]
    public async Task Editmap_asks_sets_and_takes_out()
    {
        await Makemap("a 1\nb 2\n", ["hash", Name]);
        Assert.Equal((SysExit.Ok, "1\n", ""), await Editmap("-q", "A"));
        Assert.Equal((SysExit.Unavailable, "", $"editmap: couldn't find key zzz in map {Name}\n"), await Editmap("-q", "zzz"));
        Assert.Equal((SysExit.Unavailable, "", $"editmap: couldn't find key A in map {Name}\n"), await Editmap("-q -f", "A"));
        Assert.Equal((SysExit.Ok, "", ""), await Editmap("-u", "C", "x y"));
        Assert.Equal((SysExit.Ok, "x y\n", ""), await Editmap("-q", "c"));
        Assert.Equal((SysExit.Ok, "", ""), await Editmap("-u", "c", "z"));
        Assert.Equal((SysExit.Ok, "z\n", ""), await Editmap("-q", "c"));
        Assert.Equal((SysExit.Ok, "", ""), await Editmap("-x", "c"));
        Assert.Equal((SysExit.Ok, "", $"editmap: key c doesn't exist in map {Name}\n"), await Editmap("-x", "c"));
        Assert.Equal((SysExit.Ok, "", ""), await Editmap("-u -N", "nn", "v"));
        Assert.Equal((SysExit.Ok, "v\n", ""), await Editmap("-q -N", "nn"));
        Assert.Equal(SysExit.Unavailable, (await Editmap("-q", "nn")).Exit);
        await Assert.ThrowsAsync<UsageException>(() => Editmap("-q -u", "a"));
        await Assert.ThrowsAsync<UsageException>(() => Editmap("-u", "a"));
        File.Delete(Name + ".db");
        Assert.Equal((SysExit.CannotCreate, "", $"editmap: error opening type hash map {Name}: No such file or directory\n"), await Editmap("-q", "a"));
        Assert.Equal((SysExit.Ok, "", ""), await Editmap("-u", "a", "1"));
    }

    [Fact]
    public async Task Newaliases_makes_the_database_and_praliases_prints_it()
    {
        (SysExit exit, string output, _) = await Newaliases("postmaster: root\nMAILER-DAEMON: postmaster\nroot: alice\ndup: alice\ndup: bob\n");
        Assert.Equal((SysExit.Ok, $"{Name}: line 5: dup... Warning: duplicate alias name dup\n{Name}: 5 aliases, longest 10 bytes, 60 bytes total\n"), (exit, output));
        Assert.Equal("@\t@\npostmaster\troot\nroot\talice\ndup\tbob\nmailer-daemon\tpostmaster\n", (await Makemap("", ["-u", "hash", Name])).Output);
        Assert.Equal((SysExit.Ok, "@:@\npostmaster:root\nroot:alice\ndup:bob\nmailer-daemon:postmaster\n", ""), await Tool("praliases", ["-C", Configuration]));
        Assert.Equal((SysExit.Ok, "postmaster:root\nnosuch: No such key\n", ""), await Tool("praliases", ["-C", Configuration, "Postmaster", "nosuch"]));
        Assert.Equal((SysExit.Ok, "", "praliases: /nonexistent: open: Unknown database type\n"), await Tool("praliases", ["-f", "/nonexistent"]));
        using IMapFile file = MapFile.Open(Name + ".db");
        Assert.True(file.TryGet("root\0"u8, out byte[]? value));
        Assert.Equal("alice\0"u8.ToArray(), value);
    }

    [Theory]
    [InlineData("noaliascolon\n", 70, "line 1: missing colon|0 aliases, longest 0 bytes, 0 bytes total")]
    [InlineData("x:\n", 70, "line 1: x:... missing value for alias|0 aliases, longest 0 bytes, 0 bytes total")]
    [InlineData(": y\n", 70, "line 1: : y... illegal alias name|0 aliases, longest 0 bytes, 0 bytes total")]
    [InlineData("a b: c\n", 0, "1 aliases, longest 1 bytes, 4 bytes total")]
    [InlineData("\" q\": c\n", 0, "1 aliases, longest 1 bytes, 5 bytes total")]
    [InlineData("a@b.c: d\n", 70, "line 1: a@b.c... cannot alias non-local names|0 aliases, longest 0 bytes, 0 bytes total")]
    [InlineData("a@Mx.Example.com: d\n", 0, "1 aliases, longest 1 bytes, 2 bytes total")]
    [InlineData("x: y\n   cont\n", 0, "1 aliases, longest 8 bytes, 9 bytes total")]
    [InlineData("good: alice,,bob\n", 0, "1 aliases, longest 10 bytes, 14 bytes total")]
    [InlineData("|x: alice\n", 70, "line 1: |x... cannot alias non-local names|0 aliases, longest 0 bytes, 0 bytes total")]
    [InlineData("/x: alice\n", 70, "line 1: /x... cannot alias non-local names|0 aliases, longest 0 bytes, 0 bytes total")]
    [InlineData("\"|p\": z\n", 70, "line 1: \"|p\"... cannot alias non-local names|0 aliases, longest 0 bytes, 0 bytes total")]
    [InlineData("p: |noquote arg\n", 0, "1 aliases, longest 12 bytes, 13 bytes total")]
    [InlineData("x: \"unbalanced\n", 0, "1 aliases, longest 11 bytes, 12 bytes total")]
    [InlineData("A: alice\na: bob\n", 0, "line 2: a... Warning: duplicate alias name a|2 aliases, longest 5 bytes, 10 bytes total")]
    [InlineData("dup: a\ndup: b\n dup2\nDUP: c\n", 0, "line 3: dup... Warning: duplicate alias name dup|line 4: DUP... Warning: duplicate alias name dup|3 aliases, longest 6 bytes, 17 bytes total")]
    [InlineData("  leading: alice\n", 70, "line 1: Non-continuation line starts with space|0 aliases, longest 0 bytes, 0 bytes total")]
    [InlineData("i: :include:/etc/mail/nofile\n", 0, "1 aliases, longest 25 bytes, 26 bytes total")]
    [InlineData("# only comment\n", 0, "0 aliases, longest 0 bytes, 0 bytes total")]
    [InlineData("self: self\n", 0, "1 aliases, longest 4 bytes, 8 bytes total")]
    [InlineData("a(comment): v # not\n\nb : w \n", 0, "2 aliases, longest 7 bytes, 11 bytes total")]
    public async Task Newaliases_says_what_sendmails_says(string text, int exit, string lines)
    {
        (SysExit got, string output, _) = await Newaliases(text);
        Assert.Equal(string.Concat(lines.Split('|', StringSplitOptions.RemoveEmptyEntries).Aggregate(new List<string>(), static (whole, part) =>
        {
            // A bar within a message is none between two.
            if (whole.Count > 0 && (whole[^1].EndsWith(": ", StringComparison.Ordinal) || whole[^1].EndsWith('"'))) whole[^1] += "|" + part;
            else whole.Add(part);
            return whole;
        }).Select(line => $"{Name}: {line}\n")), output);
        Assert.Equal(exit, (int)got);
    }

    [Fact]
    public async Task A_text_that_its_group_may_write_is_not_taken_and_the_old_database_stays()
    {
        await Newaliases("a: b\n");
        File.SetUnixFileMode(Name, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        Assert.Equal((SysExit.Ok, $"newaliases: cannot open {Name}: Group writable file\n"), await Again());
        File.Delete(Name);
        Assert.Equal((SysExit.Ok, $"newaliases: cannot open {Name}: No such file or directory\n"), await Again());
        Assert.Equal("@\t@\na\tb\n", Joined(Sorted((await Makemap("", ["-u", "hash", Name])).Output)));
        files.Write("m", "a: c\n"u8);
        files.Directory.UnixFileMode |= UnixFileMode.OtherWrite;
        Assert.Equal((SysExit.Software, $"WARNING: World writable directory {files.Directory.FullName}\nWARNING: cannot open alias database {Name}\nCannot create database for alias file {Name}\n"), await Again());

        async Task<(SysExit, string)> Again()
        {
            (SysExit exit, string output, _) = await Tool("newaliases", ["-C", Configuration]);
            return (exit, output);
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Sorted(string listing) => [.. listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line + "\n").Order(StringComparer.Ordinal)];

    private static string Joined(string[] lines) => string.Concat(lines);

    private static string Octets(Random random, int least, int most, bool isKey)
    {
        StringBuilder text = new();
        for (int length = random.Next(least, most); length > 0; length--)
        {
            char c = (char)random.Next(1, 256);
            bool isBlank = c is ' ' or (>= '\t' and <= '\r');
            text.Append(c == '\n' || (isBlank && (isKey || text.Length == 0)) || (c == '#' && isKey && text.Length == 0) ? 'x' : c);
        }

        return text.ToString();
    }

    private Task<(SysExit Exit, string Output, string Error)> Makemap(string input, string[] arguments) => Tool("makemap", ["-C", Configuration, .. arguments], input);

    private Task<(SysExit Exit, string Output, string Error)> Editmap(string flags, params string[] operands) => Tool("editmap", ["-C", Configuration, .. Words(flags), "hash", Name, .. operands]);

    private async Task<(SysExit Exit, string Output, string Error)> Newaliases(string text)
    {
        files.Write("m", Encoding.Latin1.GetBytes(text));
        files.Write("site.cf", Encoding.Latin1.GetBytes($"""
            V10/Berkeley
            O OperatorChars=.:%@!^/[]+
            O QueueDirectory={files.Directory.FullName}
            O AliasFile={Name}
            O DontBlameSendmail=TrustStickyBit
            Djmx.example.com
            Scanonify=3
            R$* < $* >	$2
            Sparse=0
            R$*	$#local $: $1
            Mlocal, P=/bin/true, F=lsDFMAw5:/|@q, S=0, R=0, A=true $u
            Mprog, P=/bin/sh, F=lsD, A=sh -c $u

            """));
        return await Tool("newaliases", ["-C", Configuration]);
    }

    private static async Task<(SysExit Exit, string Output, string Error)> Tool(string name, string[] arguments, string input = "")
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        using MemoryStream stream = new(Encoding.Latin1.GetBytes(input));
        AppletContext context = new(name, arguments, stream, output, error, TimeProvider.System);
        SysExit exit = await AppletTable.Find(name)!.Run(context, CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }
}
