using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Postrider.Tests.Sendmail.Rewriting;

/// <summary>
/// Generated rules and addresses through a real sendmail and through our address test mode: the same output, octet for octet. The program is Debian's, unpacked by eng/peers.sh or
/// oracle.sh setup. oracle/rules.sh runs this at length: SENDMAIL_BT_FILES says how many files (default 5), SENDMAIL_BT_FROM the first seed (default 1).
/// </summary>
[Trait("Category", "Oracle")]
public sealed class SendmailDifferentialTests
{
    private const int AddressesPerFile = 40;
    private const string Mailers = "Mlocal, P=/bin/true, F=lsDFMAw5:/|@q, A=true $u\nMprog, P=/bin/sh, F=lsD, A=sh -c $u\n";

    private static readonly string? Sendmail = new[]
    {
        Environment.GetEnvironmentVariable("SENDMAIL_BT"), "/opt/peers/sendmail-bin/usr/libexec/sendmail/sendmail", "/opt/peers/sendmail/usr/libexec/sendmail/sendmail",
        "/opt/peers/sendmail-bench/usr/libexec/sendmail/sendmail",
    }.FirstOrDefault(File.Exists);

    private static readonly string[] Words = ["a", "b", "c", "k1", "7", "\"q\"", "\"a b\"", "\"x.y\""];
    private static readonly string[] Operators = [".", "@", "<", ">", "%", "+"];
    private static readonly string[] Oddities = ["(c)", "(a(b)c)", "(", ")", "\\@", "\\!", "\"", "\"a\\\"b\"", ",", ";", ":", "\u00e9", "\t", "[", "]", "$1", "$*", "$|", "a!b", "^", "xyzzyxyzzyxyzzyxyzzy", "{", "''"];
    private static readonly string[] Named = ["canonify=3", "parse=0", "final=4", "D"];

    [Fact]
    public async Task Generated_rules_give_the_trace_that_sendmail_gives()
    {
        Assert.SkipUnless(Sendmail is not null && Environment.UserName == "root", "needs Debian's sendmail-bin unpacked (eng/peers.sh), and root to give it a host name that it does not wait for");
        (int first, int files) = (Setting("SENDMAIL_BT_FROM", 1), Setting("SENDMAIL_BT_FILES", 5));
        string directory = Directory.CreateTempSubdirectory("postrider-rules-").FullName;
        string file = Path.Combine(directory, "generated.cf");
        var different = new List<string>();
        for (int seed = first; seed < first + files; seed++)
        {
            var random = new Random(seed);
            string cf = Cf(random, seed) + Mailers;
            string commands = Commands(random, seed);
            await File.WriteAllTextAsync(file, cf, Encoding.Latin1, TestContext.Current.CancellationToken);
            string theirs = await Theirs(Sendmail, file, commands);
            string ours = await new RewritingSite(cf, named: true).TestMode(commands);
            if (theirs == ours) { continue; }
            different.Add($"seed {seed}: {Difference(theirs, ours)}");
            foreach ((string kind, string text) in new[] { ("cf", cf), ("commands", commands), ("sendmail", theirs), ("ours", ours) })
            {
                await File.WriteAllTextAsync(Path.Combine(directory, $"{seed}.{kind}"), text, Encoding.Latin1, TestContext.Current.CancellationToken);
            }
        }
        if (different.Count == 0) { Directory.Delete(directory, recursive: true); }
        TestContext.Current.SendDiagnosticMessage("{0} files, {1} addresses, {2} files differ", files, files * AddressesPerFile, different.Count);
        Assert.True(different.Count == 0, $"{different.Count} of {files} files differ, and are kept in {directory}:\n{string.Join("\n", different.Take(40))}");
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;

    // Every third file is traced; every fourth has the rulesets that addresses go through, and the commands that send them there.
    private static string Commands(Random random, int seed)
    {
        string trace = seed % 3 == 0 ? (seed % 2 == 0 ? "-d21.12\n" : "-d21.15\n") : "";
        return trace + string.Concat(Enumerable.Range(0, AddressesPerFile).Select(_ => $"{Command(random, seed)} {Address(random, seed % 4 is 0 or 2, seed % 4 == 3)}\n"));
    }

    private static string Command(Random random, int seed)
    {
        if (seed % 4 != 3) { return "ABCD"[random.Next(4)].ToString(); }
        return random.Next(8) switch { 0 => "/parse", 1 => "/try local", 2 => "/try prog", 3 => "/tryflags HS\n/try local", 4 => "/tryflags ER\n/try local", 5 => "3,0", 6 => "canonify,D,final", _ => "0" };
    }

    private static string Cf(Random random, int seed)
    {
        var cf = new StringBuilder(RewritingSite.Head + "Kdq dequote\nKdqs dequote -s_\nKar arith\nKmac macro\nKnul null\nKrx regex -s1 -a+ ^(a|b|k)*([0-9])\nKseq sequence dq rx\n");
        cf.Append("Dxa.b\nD{m}b\nD{e}\nCwa b.c k1 a@b\n");
        for (char name = 'A'; name <= 'D'; name++)
        {
            cf.Append('S').Append(seed % 4 == 3 ? Named[name - 'A'] : name.ToString()).Append('\n');
            for (int rules = random.Next(1, 6); rules > 0; rules--) { cf.Append(Rule(random, name, seed % 4 == 3)); }
        }
        return cf.ToString();
    }

    private static string Rule(Random random, char ruleset, bool named)
    {
        string[] left = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(10) switch
        {
            0 or 1 => Words[random.Next(Words.Length)],
            2 or 3 => Operators[random.Next(Operators.Length)],
            4 => random.Next(5) switch { 0 => "$&{m}", 1 => "$@", 2 => "$x", 3 => named ? "." : "$|", _ => "$&{e}" },
            5 => random.Next(2) == 0 ? "$=w" : "$~w",
            6 => "$-",
            7 => "$+",
            _ => "$*",
        })];
        int positions = left.Count(static token => token is "$*" or "$+" or "$-" or "$=w" or "$~w");
        var right = new List<string>();
        bool calls = false;
        for (int parts = random.Next(1, 6); parts > 0; parts--)
        {
            string position = positions > 0 ? $"${random.Next(positions) + 1}" : "c";
            switch (random.Next(12))
            {
                case 0: right.Add(Words[random.Next(Words.Length)]); break;
                case 1: right.Add(Operators[random.Next(Operators.Length)]); break;
                case 2: right.Add(random.Next(6) switch { 0 or 1 => "$&{m}", 2 => "$?{e} t $| f $.", 3 => "$?{m} t $.", 4 => named ? "." : "$|", _ => "$&{e}" }); break;
                case 3: right.Add($"$({(random.Next(2) == 0 ? "dq" : "dqs")} {position} {(random.Next(2) == 0 ? "$: no" : "")}$)"); break;
                case 4: right.Add($"$(ar {"+-*l=&|"[random.Next(7)]} $@ {position} $@ 3 $: z$)"); break;
                case 5: right.Add($"$(mac {{m}} $@ {position} $)"); break;
                case 6: right.Add(random.Next(3) == 0 ? $"$(seq {position} $: {position} no$)" : random.Next(2) == 0 ? $"$(rx {position} $: no$)" : $"$(nul {position}{(random.Next(2) == 0 ? " $: d" : "")}$)"); break;
                case 7 when ruleset < 'D':
                    char callee = (char)(ruleset + 1 + random.Next('D' - ruleset));
                    right.Add("$>" + (named ? Named[callee - 'A'].Split('=')[0] : callee));
                    calls = true;
                    break;
                default: right.Add(position); break;
            }
        }
        if (random.Next(12) == 0) { right.InsertRange(0, ["$#local", "$@ h", "$:"]); }
        // A rule that calls ends or goes on: otherwise four levels of a hundred iterations multiply.
        string prefix = random.Next(calls ? 2 : 4) switch { 0 => "$@ ", 1 => "$: ", _ => "" };
        return $"R{string.Join(' ', left)}\t{prefix}{string.Join(' ', right)}\n";
    }

    private static string Address(Random random, bool odd, bool plain)
    {
        var address = new StringBuilder();
        for (int parts = random.Next(1, 9); parts > 0; parts--)
        {
            address.Append(odd && random.Next(4) == 0 ? Oddities[random.Next(Oddities.Length)] : random.Next(3) == 0 ? (plain ? ".@%+"[random.Next(4)].ToString() : Operators[random.Next(Operators.Length)]) : Words[random.Next(Words.Length)]);
            if (random.Next(3) == 0) { address.Append(' '); }
        }
        return address.ToString();
    }

    private static async Task<string> Theirs(string sendmail, string file, string commands)
    {
        // sendmail waits a minute for a host name with a dot.
        var start = new ProcessStartInfo("unshare", ["--uts", "/bin/sh", "-c", "hostname mx.oracle.test; exec \"$0\" -bt -C \"$1\"", sendmail, file])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            StandardInputEncoding = Encoding.Latin1,
            StandardOutputEncoding = Encoding.Latin1,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(commands);
        process.StandardInput.Close();
        string text = await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        int head = text.IndexOf("Enter <ruleset> <address>\n", StringComparison.Ordinal);
        Assert.True(head >= 0, $"sendmail said: {text}{await errors}");
        // Where tokens lie in memory is nobody's business.
        return Regex.Replace(text[(head + 26)..], "0x[0-9a-f]{6,}=", "", RegexOptions.NonBacktracking);
    }

    private static string Difference(string theirs, string ours)
    {
        string[] a = theirs.Split('\n');
        string[] b = ours.Split('\n');
        int at = 0;
        while (at < Math.Min(a.Length, b.Length) && a[at] == b[at]) { at++; }
        string input = a.Take(at).LastOrDefault(static line => line.StartsWith("> ", StringComparison.Ordinal)) ?? "";
        return $"after {input}\n  sendmail: {a.ElementAtOrDefault(at)}\n  ours:     {b.ElementAtOrDefault(at)}";
    }
}
