#if SENDMAIL_BT
using System.Diagnostics;
using System.Text;

namespace Postrider.Tests.Sendmail.Rewriting;

/// <summary>
/// Generated rules and addresses through a real sendmail and through our address test mode: the same trace. Built by <c>dotnet test -p:DefineConstants=SENDMAIL_BT</c>, run by hand: the environment variable SENDMAIL_BT names a
/// program that is given the name of a cf file and behaves as <c>sendmail -bt -C file</c>; SENDMAIL_BT_SEEDS says how many files (default 5), SENDMAIL_BT_FROM the first seed (default 1).
/// </summary>
public sealed class SendmailDifferentialTests
{
    private const int AddressesPerFile = 40;

    private static readonly string[] Words = ["a", "b", "c", "k1", "7", "\"q\"", "\"a b\"", "\"x.y\""];
    private static readonly string[] Operators = [".", "@", "<", ">", "%", "+"];

    [Fact]
    public async Task Generated_rules_give_the_trace_that_sendmail_gives()
    {
        string? sendmail = Environment.GetEnvironmentVariable("SENDMAIL_BT");
        Assert.True(sendmail is not null, "SENDMAIL_BT names a program that runs a real sendmail -bt");
        string directory = Path.GetDirectoryName(sendmail)!;
        int seeds = int.TryParse(Environment.GetEnvironmentVariable("SENDMAIL_BT_SEEDS"), out int count) ? count : 5;
        var different = new List<string>();
        int first = int.TryParse(Environment.GetEnvironmentVariable("SENDMAIL_BT_FROM"), out int from) ? from : 1;
        for (int seed = first; seed < first + seeds; seed++)
        {
            var random = new Random(seed);
            string cf = Cf(random);
            string commands = (seed % 3 == 0 ? "-d21.12\n" : "") + string.Concat(Enumerable.Range(0, AddressesPerFile).Select(_ => $"{"ABCD"[random.Next(4)]} {Address(random)}\n"));
            string file = Path.Combine(directory, $"generated-{Environment.ProcessId}.cf");
            await File.WriteAllTextAsync(file, cf + "Mlocal, P=/bin/true, F=lsDFMAw5:/|@q, A=true $u\nMprog, P=/bin/sh, F=lsD, A=sh -c $u\n", TestContext.Current.CancellationToken);
            string theirs = await Theirs(sendmail, file, commands);
            string ours = await new RewritingSite(cf).TestMode(commands);
            File.Delete(file);
            if (theirs == ours) { continue; }
            different.Add($"seed {seed}: {Difference(theirs, ours)}\n{cf}");
        }
        Assert.True(different.Count == 0, $"{different.Count} of {seeds} files differ:\n{string.Join("\n\n", different.Take(15))}");
    }

    private static string Cf(Random random)
    {
        var cf = new StringBuilder(RewritingSite.Head + "Kdq dequote\nKdqs dequote -s_\nKar arith\nKmac macro\nKnul null\nKrx regex -s1 -a+ ^(a|b|k)*([0-9])\n");
        cf.Append("Dxa.b\nD{m}b\nD{e}\nCwa b.c k1 a@b\n");
        for (char name = 'A'; name <= 'D'; name++)
        {
            cf.Append('S').Append(name).Append('\n');
            for (int rules = random.Next(1, 6); rules > 0; rules--) { cf.Append(Rule(random, name)); }
        }
        return cf.ToString();
    }

    private static string Rule(Random random, char ruleset)
    {
        string[] left = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(10) switch
        {
            0 or 1 => Words[random.Next(Words.Length)],
            2 or 3 => Operators[random.Next(Operators.Length)],
            4 => random.Next(4) switch { 0 => "$&{m}", 1 => "$@", 2 => "$x", _ => "$&{e}" },
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
                case 2: right.Add(random.Next(2) == 0 ? "$&{m}" : "$&{e}"); break;
                case 3: right.Add($"$({(random.Next(2) == 0 ? "dq" : "dqs")} {position} {(random.Next(2) == 0 ? "$: no" : "")}$)"); break;
                case 4: right.Add($"$(ar {"+-*l=&|"[random.Next(7)]} $@ {position} $@ 3 $: z$)"); break;
                case 5: right.Add($"$(mac {{m}} $@ {position} $)"); break;
                case 6: right.Add(random.Next(2) == 0 ? $"$(rx {position} $: no$)" : $"$(nul {position}{(random.Next(2) == 0 ? " $: d" : "")}$)"); break;
                case 7 when ruleset < 'D':
                    right.Add($"$>{(char)(ruleset + 1 + random.Next('D' - ruleset))}");
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

    private static string Address(Random random)
    {
        var address = new StringBuilder();
        for (int parts = random.Next(1, 9); parts > 0; parts--)
        {
            address.Append(random.Next(3) == 0 ? Operators[random.Next(Operators.Length)] : Words[random.Next(Words.Length)]);
            if (random.Next(3) == 0) { address.Append(' '); }
        }
        return address.ToString();
    }

    private static async Task<string> Theirs(string sendmail, string file, string commands)
    {
        var start = new ProcessStartInfo(sendmail, [file]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(commands);
        process.StandardInput.Close();
        string text = await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        int head = text.IndexOf("Enter <ruleset> <address>\n", StringComparison.Ordinal);
        Assert.True(head >= 0, $"sendmail said: {text}");
        return text[(head + 26)..];
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
#endif
