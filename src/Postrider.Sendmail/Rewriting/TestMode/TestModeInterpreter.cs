using System.Globalization;
using Postrider.Sendmail.Cf;

namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary><c>sendmail -bt</c>: reads commands, runs rulesets, prints each step. One session; not thread-safe.</summary>
/// <remarks>Output is that of sendmail 8.17 (oracle 80); what <c>?</c> prints stands in the site's HelpFile. Debian's build has no <c>/dnslookup</c>, and its <c>/gethostbyname</c> prints
/// nothing; here both answer.</remarks>
public sealed class TestModeInterpreter
{
    private const string NameRequired = "Name required for macro/class";
    private const int LongestAddress = 255; // sendmail 8.17: MAXNAME, less the end

    private readonly TestModeSite _site;
    private readonly RewritingEngine _engine;
    private readonly RewriteContext _context;
    private readonly TextWriter _output;
    private readonly TestModeReport _report;
    private readonly TestModeTrace _trace;
    private readonly List<TestModeMailer> _mailers;
    private readonly TestModeAddresses _addresses;
    private readonly TestModeHeaders _headers;
    private readonly TestModeLookups _lookups;

    /// <summary>Prepares a session.</summary>
    /// <param name="site">What is tested.</param>
    /// <param name="output">Where everything is printed.</param>
    /// <param name="logged">Is told what sendmail logs as a SYSERR, each a line; null for nobody.</param>
    public TestModeInterpreter(TestModeSite site, TextWriter output, Action<string>? logged = null)
    {
        ArgumentNullException.ThrowIfNull(site);
        _site = site;
        _engine = site.Engine;
        _output = output;
        _report = new TestModeReport(output, logged);
        _trace = new TestModeTrace(output);
        _context = new RewriteContext
        {
            Macros = site.Macros,
            Classes = site.Classes,
            Maps = site.Maps,
            Natives = site.Natives,
            Trace = _trace,
            Problems = _report.SystemError,
            Remarks = _report.Remark,
        };
        _mailers = TestModeMailer.All(site.Document, _engine);
        _addresses = new TestModeAddresses(site, _context, _mailers, _report);
        _headers = new TestModeHeaders(site, _context, _report);
        _lookups = new TestModeLookups(site, _context, _report);
    }

    /// <summary>What the process ends with: 0, or the status of the first error.</summary>
    public int Exit => _report.Exit;

    /// <summary>Sets levels as <c>-d</c> on the command line does: <c>21.12,60.1</c>.</summary>
    public void Debug(string levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        foreach (string part in (levels.Length == 0 ? "0-99.1" : levels).Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pieces = part.Split('.', 2);
            string[] range = pieces[0].Split('-', 2);
            int level = pieces.Length > 1 ? Number(pieces[1]) : 1;
            int last = Math.Min(Number(range[^1]), 99);
            for (int category = Number(range[0]); category <= last; category++) { _trace.Levels[category] = level; }
        }

        static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;
    }

    /// <summary>Reads commands until <c>/quit</c> or the end.</summary>
    public async ValueTask RunAsync(TextReader input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (Diagnostic diagnostic in _engine.Program.Diagnostics.Where(static d => d.Severity == Severity.Warning)) { Print(diagnostic.Message + "\n"); }
        Print("ADDRESS TEST MODE (ruleset 3 NOT automatically invoked)\nEnter <ruleset> <address>\n");
        while (true)
        {
            Print("> ");
            await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (await input.ReadLineAsync(cancellationToken).ConfigureAwait(false) is not { } line) { return; }
            if (!await CommandAsync(line.TrimEnd('\r'), cancellationToken).ConfigureAwait(false)) { return; }
        }
    }

    private void Print(string text) => _report.Print(text);

    /// <summary>Carries a line out; false if it says to end.</summary>
    private async ValueTask<bool> CommandAsync(string line, CancellationToken cancellationToken)
    {
        if (line.Length == 0) { return true; }
        switch (line[0])
        {
            case '#': return true;
            case '?': Print(_site.Help ?? TestModeHelp.Text); return true;
            case '.': Define(line); return true;
            case '=': List(line); return true;
            case '-' when line.Length > 1 && line[1] == 'd': Debug(line[2..].Trim()); return true;
            case '-': Print($"Unknown \"-\" command {line}\n"); return true;
            case '$': Show(line); return true;
            case '/': return await SlashAsync(line, cancellationToken).ConfigureAwait(false);
            default: await RulesetsAsync(line.TrimStart(' ', '\t'), cancellationToken).ConfigureAwait(false); return true;
        }
    }

    private void Define(string line)
    {
        char kind = line.Length > 1 ? line[1] : '\0';
        if (kind is not ('D' or 'C')) { Print($"Unknown \".\" command {line}\n"); return; }
        if (CfText.Name(line[2..], out string rest) is not { } name)
        {
            if (line.Length > 2 && line[2] == '{') { Unbalanced(line[2..]); }
            else if (kind == 'D') { _report.SystemError(NameRequired); }
            return;
        }
        if (kind == 'D') { ((MacroTable)_context.Macros).Define(name, rest); return; }
        foreach (string word in CfText.Words(rest)) { _site.Classes.Add(name, word); }
    }

    private void List(string line)
    {
        switch (line.Length > 1 ? line[1] : '\0')
        {
            case '\0':
                Print("Usage: =Sruleset or =M\n");
                break;
            case 'S':
                if (line.Length == 2) { _report.SystemError("invalid ruleset name: \"\""); }
                if (_engine.Program.Find(line[2..].Trim()) is not { } ruleset) { Print($"Undefined ruleset {line[2..]}\n"); break; }
                foreach (RewriteRule rule in ruleset.Rules) { Print($"R{Side(rule.Left)}\t\t{Side(rule.Right)}\n"); }
                break;
            case 'M':
                foreach (TestModeMailer mailer in _mailers) { Print(mailer.Line + "\n"); }
                break;
            default:
                Print($"Unknown \"=\" command {line}\n");
                break;
        }

        static string Side(IReadOnlyList<string> tokens) => string.Concat(tokens.Select(static token => Metasymbol.Printable(token) + " "));
    }

    private void Show(string line)
    {
        bool isClass = line.Length > 1 && line[1] == '=';
        string named = line[(isClass ? 2 : 1)..];
        if (CfText.Name(named, out _) is not { } name)
        {
            if (named.StartsWith('{')) { Unbalanced(named); } else { _report.SystemError(NameRequired); }
            return;
        }
        if (!isClass) { Print((_context.Macros.Value(name) is { } value ? Metasymbol.Printable(value) : "Undefined") + "\n"); return; }
        foreach (string word in ((IClassSource)_site.Classes).Words(name).OrderBy(SymbolOrder)) { Print(word + "\n"); }
    }

    private void Unbalanced(string name)
    {
        _report.SystemError($"Unbalanced {{ on {name[1..]}");
        _report.SystemError("Unable to assign macro/class ID (mid = 0xffffffff)");
    }

    /// <summary>sendmail prints a class in the order of its symbol table; found by asking sendmail 8.17 for 386 random words. Words of one bucket stay as they came.</summary>
    private static int SymbolOrder(string word)
    {
        const int Buckets = 2003;
        int bucket = 1;
        foreach (char c in word) { bucket = ((bucket << 1) ^ char.ToLowerInvariant(c)) % Buckets; }
        return bucket;
    }

    private async ValueTask<bool> SlashAsync(string line, CancellationToken cancellationToken)
    {
        string[] words = line.Split([' ', '\t'], 2, StringSplitOptions.TrimEntries);
        string argument = words.Length > 1 ? words[1] : "";
        switch (words[0].ToLowerInvariant())
        {
            case "/quit":
                return false;
            case "/mx" or "/canon" or "/parse" when argument.Length == 0:
                Print($"Usage: {words[0]} address\n");
                break;
            case "/expand" when argument.Length == 0:
                Print("Usage: /expand string\n");
                break;
            case "/mx":
                await _lookups.ExchangersAsync(argument, cancellationToken).ConfigureAwait(false);
                break;
            case "/canon":
                await _lookups.CanonicalNameAsync(argument, cancellationToken).ConfigureAwait(false);
                break;
            case "/gethostbyname":
                await _lookups.AddressesAsync(argument, cancellationToken).ConfigureAwait(false);
                break;
            case "/dnslookup":
                await _lookups.RecordsAsync(argument, cancellationToken).ConfigureAwait(false);
                break;
            case "/header":
                await _headers.ShowAsync(argument, cancellationToken).ConfigureAwait(false);
                break;
            case "/parse":
                await _addresses.ParseAsync(argument, cancellationToken).ConfigureAwait(false);
                break;
            case "/sender":
                await _addresses.SenderAsync(argument, cancellationToken).ConfigureAwait(false);
                break;
            case "/expand":
                Print(MacroTemplate.Expand(MacroTemplate.Read(argument), _context.Macros) + "\n");
                break;
            case "/try":
                string[] parts = argument.Split([' ', '\t'], 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length < 2) { Print("Usage: /try mailer address\n"); break; }
                await _addresses.TryAsync(parts[0], parts[1], cancellationToken).ConfigureAwait(false);
                break;
            case "/tryflags":
                // sendmail 8.17, oracle 80: letters that mean nothing are passed over in silence.
                if (argument.Length == 0) { Print("Usage: /tryflags [Hh|Ee][Ss|Rr]\n"); } else { _addresses.SetFlags(argument); }
                break;
            case "/map":
                await _lookups.MapAsync(argument, cancellationToken).ConfigureAwait(false);
                break;
            default:
                Print($"Unknown \"/\" command {words[0]}\n");
                break;
        }
        return true;
    }

    /// <summary><c>name,name address, address</c>: each address through each ruleset in turn.</summary>
    private async ValueTask RulesetsAsync(string line, CancellationToken cancellationToken)
    {
        int blank = line.IndexOfAny([' ', '\t']);
        if (blank < 0)
        {
            if (line.Length > 0) { Print("No address!\n"); }
            return;
        }
        string names = line[..blank];
        string text = line[(blank + 1)..];
        if (text.Length > LongestAddress)
        {
            Print(string.Create(CultureInfo.InvariantCulture, $"Address \"{text[..LongestAddress]}\" too long ({LongestAddress} bytes max)\n"));
            return;
        }
        int at = 0;
        while (at <= text.Length)
        {
            TokenizeResult read = _engine.Program.Tokenizer.Tokenize(text, at, ',', keepComments: true);
            foreach (string problem in read.Problems) { _report.AddressProblem(text[at..], problem); }
            if (read.Tokens.Count > 0) { await OneAsync(names, new Workspace(read.Tokens), cancellationToken).ConfigureAwait(false); }
            if (read.End >= text.Length) { break; }
            at = read.End + 1;
        }
    }

    private async ValueTask OneAsync(string names, Workspace workspace, CancellationToken cancellationToken)
    {
        for (int from = 0; from < names.Length;)
        {
            int comma = names.IndexOf(',', from);
            string name = comma < 0 ? names[from..] : names[from..comma];
            Ruleset? ruleset = _engine.Program.Find(name);
            int number = RulesetProgram.Number(name) ?? -1;
            if (ruleset is null && _context.Natives?.Invoke(name) is null && (number < 0 || !RulesetProgram.IsNumber(number)))
            {
                if (number >= 0) { _report.SystemError(string.Create(CultureInfo.InvariantCulture, $"bad ruleset {number} ({RuleCompiler.MaxRulesets / 2} max)")); }
                Print($"Undefined ruleset {names[from..]}\n");
                return;
            }
            RewriteStatus status = await _engine.RewriteAsync(name, workspace, _context, cancellationToken).ConfigureAwait(false);
            if (status is not (RewriteStatus.Ok or RewriteStatus.Loop))
            {
                Print(string.Create(CultureInfo.InvariantCulture, $"== Ruleset {ruleset?.Name ?? name} ({ruleset?.Number ?? number}) status {(int)status}\n"));
            }
            if (comma < 0) { return; }
            from = comma + 1;
        }
    }
}
