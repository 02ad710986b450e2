using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Dns;
using Postrider.Mta.Maps;
using Postrider.Mta.Rules;
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
    /// <param name="document">The file; what is wrong with its lines is among the problems.</param>
    /// <param name="host">This machine.</param>
    /// <param name="resolver">The DNS.</param>
    /// <param name="tester">Who tests, and when.</param>
    /// <param name="problems">Is given what is wrong with lines, rules, class files and maps.</param>
    public static async Task<TestModeSite> OpenAsync(CfDocument document, BindingHost host, IDnsResolver resolver, AddressTester tester, Action<Diagnostic> problems, CancellationToken cancellationToken)
    {
        (IReadOnlyList<IPAddress> addresses, IReadOnlyList<string> names) = await OwnAsync(host, resolver, cancellationToken);
        SiteDraft draft = new(document, host with { Addresses = addresses });
        draft.Add(document.Diagnostics);
        RulesConfiguration said = RulesBinder.Bind(draft, file => SiteBinder.ClassFile(draft, file));
        foreach (string name in names) said.Classes.Add("w", name);
        foreach ((string name, string[] words) in Given)
        {
            foreach (string word in words) said.Classes.Add(name, word);
        }

        foreach ((string name, string value) in Named(tester)) said.Macros.Set(name, value);
        MapServices services = new()
        {
            Time = tester.Time,
            HostName = host.HostName,
            Dns = resolver,
            IsLocal = domain => said.Classes.Contains("w", domain),
            Option = name => document.Option(name)?.Value,
            BaseDirectory = host.BaseDirectory,
        };
        SiteRules rules = SiteRulesBinder.Bind(said, MapTypes.Standard, services, draft.Add);
        if (rules.Maps is MapTable maps) AliasNames.Add(maps, document, services, draft.Add);
        TestModeSite site = new()
        {
            Document = document,
            Engine = rules.Engine,
            Macros = said.Macros,
            Classes = said.Classes,
            Maps = rules.Maps,
            Network = new DnsTestNetwork(resolver),
            Natives = document.IsNative ? Natives(document, host, rules.Engine.Program.Tokenizer, resolver, tester, draft.Add) : null,
            Help = HelpFile.Read(document.Option("HelpFile")?.Value, "-bt", said.Macros),
            UserName = tester.UserName,
        };
        foreach (Diagnostic problem in draft.Diagnostics) problems(problem);
        return site;
    }

    /// <summary>The rulesets that a file of ours leaves to the house; null, with what is wrong, if no site can be made of it.</summary>
    private static Func<string, NativeRuleset?>? Natives(CfDocument document, BindingHost host, Tokenizer tokenizer, IDnsResolver resolver, AddressTester tester, Action<Diagnostic> problems)
    {
        SiteBinding binding = SiteBinder.Bind(document, host);
        Site? site = null;
        ImmutableArray<Diagnostic> found = [.. binding.Diagnostics];
        if (binding.Configuration is { } configuration) site = Site.Bind(configuration, host.Addresses, tester.Time, out found, new SiteServices { Dns = resolver });
        foreach (Diagnostic one in found.Where(one => one.Severity == Severity.Error && !document.Diagnostics.Contains(one))) problems(one);
        return site is null ? null : new NativeAddressRules(site, tokenizer, resolver, tester).Find;
    }

    /// <summary>What sendmail 8.17 sets for this mode besides what it sets before it reads a file.</summary>
    private static IEnumerable<(string Name, string Value)> Named(AddressTester tester)
    {
        yield return ("k", System.Net.Dns.GetHostName()); // whole, where Environment.MachineName is cut at its first dot
        yield return ("b", ArpaDate.Format(tester.Time.GetLocalNow()));
        yield return ("_", tester.UserName + "@localhost");
        yield return ("i", tester.Id);
        yield return ("opMode", "t");
        yield return ("deliveryMode", "i");
        yield return ("addr_type", "e r");
        if (LoadAverage() is { } load) yield return ("load_avg", load);
    }

    private static string? LoadAverage()
    {
        try
        {
            return double.TryParse(File.ReadAllText("/proc/loadavg").Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double load)
                ? ((int)Math.Round(load)).ToString(CultureInfo.InvariantCulture)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The host's addresses, that of its name among them, and what they are called: class w holds them all (oracle 80).</summary>
    private static async Task<(IReadOnlyList<IPAddress> Addresses, IReadOnlyList<string> Names)> OwnAsync(BindingHost host, IDnsResolver resolver, CancellationToken cancellationToken)
    {
        DnsAnswer own = await resolver.QueryAsync(host.HostName, DnsRecordType.A, cancellationToken);
        IPAddress[] addresses = [.. host.Addresses.Concat(own.Addresses).Where(static address => !address.Equals(IPAddress.IPv6Loopback)).Distinct()];
        List<string> names = [];
        foreach (IPAddress address in addresses)
        {
            DnsAnswer reverse = await resolver.QueryAsync(ArpaName.Of(address), DnsRecordType.Ptr, cancellationToken);
            names.AddRange(reverse.Texts.Select(static name => name.TrimEnd('.')));
        }

        return (addresses, names);
    }
}
