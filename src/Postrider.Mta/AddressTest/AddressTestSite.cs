using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Dns;
using Postrider.Mta.Maps;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Rewriting;
using Postrider.Sendmail.Rewriting.TestMode;

namespace Postrider.Mta.AddressTest;

/// <summary>Puts a cf file into the surroundings that <c>sendmail -bt</c> tests addresses in.</summary>
public static class AddressTestSite
{
    // sendmail 8.17 has these before it reads the file.
    private static readonly (string Class, string[] Words)[] Given = [("e", ["7bit", "8bit", "binary"]), ("n", ["multipart/signed"]), ("s", ["rfc822"])];

    /// <summary>Compiles the file, reads its class files, opens its maps.</summary>
    /// <param name="document">The file.</param>
    /// <param name="host">This machine.</param>
    /// <param name="resolver">The DNS.</param>
    /// <param name="tester">Who tests, and when.</param>
    /// <param name="problems">Is given what is wrong with rules, class files and maps.</param>
    public static async Task<TestModeSite> OpenAsync(CfDocument document, BindingHost host, IDnsResolver resolver, AddressTester tester, Action<Diagnostic> problems, CancellationToken cancellationToken)
    {
        MacroTable macros = new();
        ClassTable classes = new();
        Name(macros, host.HostName, tester);
        foreach (string word in await OwnNamesAsync(host.HostName, resolver, cancellationToken)) classes.Add("w", word);
        foreach ((string name, string[] words) in Given)
        {
            foreach (string word in words) classes.Add(name, word);
        }

        ClassFileSettings files = ClassFileSettings.Of(document, host, text => MacroTemplate.Expand(MacroTemplate.Read(text), macros));
        RulesetProgram program = RuleCompiler.Compile(document, macros, classes, file => ClassFile(document, file, host, files, problems));
        foreach (Diagnostic diagnostic in program.Diagnostics.Where(static one => one.Severity == Severity.Error)) problems(diagnostic);
        if (macros.Expanded("j") is { Length: > 0 } own) classes.Add("w", own);
        MapServices services = new()
        {
            Time = tester.Time,
            HostName = host.HostName,
            Dns = resolver,
            IsLocal = domain => classes.Contains("w", domain),
            Option = name => document.Option(name)?.Value,
            BaseDirectory = host.BaseDirectory,
        };
        return new TestModeSite
        {
            Document = document,
            Engine = new RewritingEngine(program),
            Macros = macros,
            Classes = classes,
            Maps = MapTable.Of(document, line => MapTypes.Standard.Open(line, services), problems),
            Network = new DnsTestNetwork(resolver),
            UserName = tester.UserName,
        };
    }

    /// <summary>What sendmail 8.17 sets before it reads the file, and for this mode.</summary>
    private static void Name(MacroTable macros, string hostName, AddressTester tester)
    {
        int dot = hostName.IndexOf('.', StringComparison.Ordinal);
        (string Name, string Value)[] set =
        [
            ("j", hostName), ("k", Environment.MachineName), ("w", dot < 0 ? hostName : hostName[..dot]), ("m", dot < 0 ? "" : hostName[(dot + 1)..]),
            ("n", "MAILER-DAEMON"), ("v", ProductVersion.Text), ("b", ArpaDate.Format(tester.Time.GetLocalNow())), ("_", tester.UserName + "@localhost"),
            ("i", tester.Id), ("opMode", "t"), ("deliveryMode", "i"), ("addr_type", "e r"), ("load_avg", LoadAverage()),
        ];
        foreach ((string name, string value) in set.Where(static one => one.Value.Length > 0)) macros.Set(name, value);
    }

    private static string LoadAverage()
    {
        try
        {
            return double.TryParse(File.ReadAllText("/proc/loadavg").Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double load)
                ? ((int)Math.Round(load)).ToString(CultureInfo.InvariantCulture)
                : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Class w before the file is read: the host's names, its addresses and what they are called.</summary>
    private static async Task<IReadOnlyCollection<string>> OwnNamesAsync(string hostName, IDnsResolver resolver, CancellationToken cancellationToken)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase) { hostName.Split('.')[0], hostName };
        DnsAnswer own = await resolver.QueryAsync(hostName, DnsRecordType.A, cancellationToken);
        foreach (IPAddress address in BindingHost.OwnAddresses().Concat(own.Addresses).Distinct())
        {
            if (address.Equals(IPAddress.IPv6Loopback)) continue; // not among sendmail's
            names.Add(address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{address}]" : $"[{address}]");
            DnsAnswer reverse = await resolver.QueryAsync(ArpaName.Of(address), DnsRecordType.Ptr, cancellationToken);
            names.UnionWith(reverse.Texts.Select(static name => name.TrimEnd('.')));
        }

        return names;
    }

    private static IEnumerable<string> ClassFile(CfDocument document, CfClassFile file, BindingHost host, ClassFileSettings settings, Action<Diagnostic> problems)
    {
        ClassFileReading reading = host.ReadClassFile(file, settings);
        foreach (ClassFileProblem problem in reading.Problems) problems(problem.At(document.FileName, file));
        return reading.Words;
    }
}
