using System.Diagnostics;
using System.Globalization;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Benchmarks;

/// <summary>The engine alone: lines as the address test mode takes them (<c>3,0 address</c>), no step printed. One thread; after a round to warm up, the best of three.</summary>
internal static class RewritingBenchmark
{
    internal static async Task<int> RunAsync(string cf, string lines)
    {
        CfDocument document = CfDocument.Parse(await File.ReadAllTextAsync(cf), cf);
        var macros = new MacroTable();
        var classes = new ClassTable();
        foreach ((string name, string value) in new[] { ("j", "mx.bench.test"), ("w", "mx"), ("m", "bench.test"), ("k", "mx.bench.test") }) macros.Set(name, value);
        foreach (string word in new[] { "mx", "localhost", "[127.0.0.1]", "mx.bench.test" }) classes.Add("w", word);
        var engine = new RewritingEngine(RuleCompiler.Compile(document, macros, classes));
        var context = new RewriteContext { Macros = macros, Classes = classes, Maps = MapTable.Of(document, static _ => null, static _ => { }) };
        (string[] Rulesets, string Address)[] work = [.. File.ReadLines(lines).Select(static line => (line[..line.IndexOf(' ', StringComparison.Ordinal)].Split(','), line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]))];
        double best = double.MaxValue;
        long allocated = 0;
        for (int round = 0; round < 4; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long begun = Stopwatch.GetTimestamp();
            foreach ((string[] rulesets, string address) in work)
            {
                var workspace = new Workspace(engine.Program.Tokenizer.Tokenize(address).Tokens);
                foreach (string ruleset in rulesets) await engine.RewriteAsync(ruleset, workspace, context, CancellationToken.None);
            }

            if (round == 0) continue;
            best = Math.Min(best, Stopwatch.GetElapsedTime(begun).TotalSeconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"engine  {work.Length / best:N0} addresses/s without printing, {allocated / work.Length:N0} octets allocated for each"));
        return 0;
    }
}
