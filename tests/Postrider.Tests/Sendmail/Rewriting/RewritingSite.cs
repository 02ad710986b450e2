using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Rewriting;
using Postrider.Sendmail.Rewriting.MapTypes;
using Postrider.Sendmail.Rewriting.TestMode;

namespace Postrider.Tests.Sendmail.Rewriting;

/// <summary>A cf text, compiled, with its macros, classes and maps in memory.</summary>
internal sealed class RewritingSite
{
    internal const string Head = "V10/Berkeley\nO OperatorChars=.:%@!^/[]+\n";

    internal RewritingSite(string cf, Func<CfMap, IMap?>? open = null, Func<string, NativeRuleset?>? natives = null, bool named = false)
    {
        Document = CfDocument.Parse(cf, "test.cf");
        if (named)
        {
            foreach ((string name, string value) in new[] { ("j", "mx.oracle.test"), ("w", "mx"), ("m", "oracle.test"), ("k", "mx.oracle.test"), ("v", "8.17.1.9") }) { Macros.Set(name, value); }
            foreach (string word in new[] { "mx", "localhost", "[127.0.0.1]", "mx.oracle.test" }) { Classes.Add("w", word); }
        }
        Engine = new RewritingEngine(RuleCompiler.Compile(Document, Macros, Classes));
        Maps = MapTable.Of(Document, open ?? (static _ => null), MapProblems.Add);
        Natives = natives;
        Context = new RewriteContext { Macros = Macros, Classes = Classes, Maps = Maps, Natives = natives, Problems = Problems.Add };
    }

    internal CfDocument Document { get; }

    internal MacroTable Macros { get; } = new();

    internal ClassTable Classes { get; } = new();

    internal MapTable Maps { get; }

    internal RewritingEngine Engine { get; }

    internal RewriteContext Context { get; }

    internal Func<string, NativeRuleset?>? Natives { get; }

    internal List<string> Problems { get; } = [];

    /// <summary>What the last address test logged, and what it ended with.</summary>
    internal List<string> Logged { get; } = [];

    internal int Exit { get; private set; }

    internal List<Postrider.Sendmail.Diagnostic> MapProblems { get; } = [];

    /// <summary>The workspace after a ruleset, as the address test mode prints it, the status behind it unless it is Ok.</summary>
    internal async Task<string> Run(string ruleset, string address)
    {
        var workspace = new Workspace(Engine.Program.Tokenizer.Tokenize(address, keepComments: true).Tokens);
        RewriteStatus status = await Engine.RewriteAsync(ruleset, workspace, Context, CancellationToken.None);
        return workspace.ToString().TrimStart() + (status == RewriteStatus.Ok ? "" : $" ({status})");
    }

    /// <summary>What the address test mode prints for these lines, without the two lines of its greeting.</summary>
    internal async Task<string> TestMode(string commands, ITestModeNetwork? network = null)
    {
        var output = new StringWriter();
        var interpreter = new TestModeInterpreter(new TestModeSite { Document = Document, Engine = Engine, Macros = Macros, Classes = Classes, Maps = Maps, Network = network, Natives = Natives }, output, Logged.Add);
        await interpreter.RunAsync(new StringReader(commands), CancellationToken.None);
        Exit = interpreter.Exit;
        string text = output.ToString();
        return text[(text.IndexOf("Enter <ruleset> <address>\n", StringComparison.Ordinal) + 26)..];
    }

    internal static MemoryMap Table(params (string Key, string Value)[] entries) => new(entries.Select(static entry => KeyValuePair.Create(entry.Key, entry.Value)));
}
