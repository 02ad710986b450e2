using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Postrider.Mta.Configuration;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Mc.Library;

namespace Postrider.Tests;

/// <summary>
/// docs/compatibility.md cannot lie: the tables of options and features are made by asking the binder, and every row that says <c>works</c> names a test that exists.
/// <c>REGENERATE_GOLDENS=1</c> writes the made tables anew; the diff is to be reviewed.
/// </summary>
public sealed partial class CompatibilityTests
{
    private const string Head = "V10/Postrider\nDjmx.example.com\nO Feature.virtual_mailboxes=text:/etc/mail/mailboxes, /var/mail/virtual\n";

    private static readonly string Root = FindRoot();

    private static readonly string Page = Path.Combine(Root, "docs", "compatibility.md");

    private static readonly BindingHost Host = new() { HostName = "host.example.net", BaseDirectory = "/etc/mail", ReadClassFile = static (_, _) => ClassFileReading.Nothing };

    public static TheoryData<string> Options => [.. CfOptionTable.All.Select(static option => option.Name)];

    /// <summary>Options that are no property of the site, because maps read them when they are asked.</summary>
    private static readonly Dictionary<string, (string State, string Why)> ReadByMaps = new(StringComparer.Ordinal)
    {
        ["DontExpandCnames"] = ("differs", "obeyed by `$[ $]` and the map host (`HostMapTests.An_alias_stays_where_the_site_says_so`), not yet by delivery"),
        ["HostsFile"] = ("differs", "obeyed by `$[ $]` and the map host (`HostMapTests.Names_become_what_sendmail_makes_of_them`); the resolver of delivery reads /etc/hosts"),
        ["LDAPDefaultSpec"] = ("works", "`LdapMapTests.What_the_line_does_not_say_the_default_spec_says`"),
        ["ResolverOptions"] = ("differs", "DNSRCH, DEFNAMES and HasWildcardMX are obeyed by maps (`HostMapTests.Search_list_is_tried_as_the_resolver_options_say`); the other words have no counterpart here"),
        ["ServiceSwitchFile"] = ("works", "`HostMapTests.Order_of_sources_is_that_of_the_service_switch`"),
        ["UseCompressedIPv6Addresses"] = ("differs", "obeyed by the map dns (`DnsMapTests.Compressed_ipv6_addresses_are_an_option`); elsewhere addresses are compressed"),
    };

    [Fact]
    public void Tables_of_options_and_features_say_what_the_binder_does()
    {
        string written = File.ReadAllText(Page);
        string made = Replace(Replace(written, "options", OptionRows()), "features", FeatureRows());
        if (Environment.GetEnvironmentVariable("REGENERATE_GOLDENS") == "1") File.WriteAllText(Page, made);
        else Assert.Equal(made, written);
    }

    /// <summary>The proof behind every option row that says works: another value than the default makes another site.</summary>
    [Theory]
    [MemberData(nameof(Options))]
    public void Option_that_works_changes_the_site(string name)
    {
        CfOptionDefinition option = CfOptionTable.Find(name)!;
        (string state, _) = StateOf(option);
        SiteBinding binding = Bind(Line(option));
        Assert.Equal(state == "refused", binding.Configuration is null);
        if (state == "works" && !ReadByMaps.ContainsKey(name)) Assert.NotEqual(Described(Bind("").Configuration!), Described(binding.Configuration!), StringComparer.Ordinal);
    }

    [Fact]
    public void Every_row_that_says_works_names_a_test_that_exists()
    {
        string[] sources = [.. Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText)];
        List<string> wrong = [];
        foreach (string row in File.ReadLines(Page).Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains("| works |", StringComparison.Ordinal)))
        {
            string proof = row.TrimEnd('|', ' ').Split('|')[^1].Trim().Trim('`');
            bool exists = proof.EndsWith(".smtp", StringComparison.Ordinal)
                ? File.Exists(Path.Combine(Root, "tests", "Postrider.Dialogues", proof))
                : TestName().Match(proof) is { Success: true } name
                  && sources.Any(source => source.Contains(" class " + name.Groups["class"].Value, StringComparison.Ordinal) && source.Contains(" " + name.Groups["method"].Value + "(", StringComparison.Ordinal));
            if (!exists) wrong.Add(row);
        }

        Assert.True(wrong.Count == 0, "no such test:\n" + string.Join('\n', wrong));
    }

    [Fact]
    public void Every_row_has_one_of_the_four_states()
    {
        string[] wrong = [.. File.ReadLines(Page).Where(static line => line.StartsWith("| `", StringComparison.Ordinal) && !State().IsMatch(line))];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    private static string OptionRows()
    {
        StringBuilder rows = new("| option | state | proof, or why |\n|---|---|---|\n");
        foreach (CfOptionDefinition option in CfOptionTable.All.OrderBy(static option => option.Name, StringComparer.OrdinalIgnoreCase))
        {
            (string state, string why) = StateOf(option);
            rows.Append("| `").Append(option.Name).Append("` | ").Append(state).Append(" | ").Append(why).Append(" |\n");
        }

        return rows.ToString();
    }

    private static string FeatureRows()
    {
        StringBuilder rows = new("| feature | state | proof, or why |\n|---|---|---|\n");
        foreach (McFeature feature in McFeatures.All.OrderBy(static feature => feature.Name, StringComparer.Ordinal))
        {
            SiteBinding binding = SiteBinder.Bind(CfDocument.Parse($"V10/Postrider\nDjmx.example.com\nO Feature.{feature.Name}=text:/etc/mail/x, /var/mail/x\n", "t.cf"), Host);
            string? refusal = binding.Diagnostics.Where(static found => found.Severity == Severity.Error).Select(static found => found.Message).FirstOrDefault();
            rows.Append("| `").Append(feature.Name).Append("` | ").Append(refusal is null ? "works" : "refused").Append(" | ")
                .Append(refusal is null ? "`CompatibilityTests.Feature_that_works_is_taken`" : refusal.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
        }

        return rows.ToString();
    }

    [Theory]
    [InlineData("accept_unresolvable_domains", "")]
    [InlineData("accept_unqualified_senders", "")]
    [InlineData("user_store", "/etc/mail/users")]
    [InlineData("sasldb", "")]
    [InlineData("passwords_in_clear", "")]
    [InlineData("name_servers", "127.0.0.1:5300")]
    [InlineData("nocanonify", "")]
    [InlineData("redirect", "")]
    public void Feature_that_works_is_taken(string name, string arguments)
    {
        SiteBinding binding = Bind($"O Feature.{name}={arguments}\n");
        Assert.NotNull(binding.Configuration);
        if (name != "nocanonify") Assert.NotEqual(Described(Bind("").Configuration!), Described(binding.Configuration with { Features = Bind("").Configuration!.Features }), StringComparer.Ordinal);
    }

    private static (string State, string Why) StateOf(CfOptionDefinition option)
    {
        if (ReadByMaps.TryGetValue(option.Name, out (string, string) known)) return known;
        SiteBinding binding = Bind(Line(option));
        Diagnostic? said = binding.Diagnostics.OrderByDescending(static found => found.Severity).FirstOrDefault(found => found.Line == 4);
        string text = said?.Message.Replace("|", "\\|", StringComparison.Ordinal) ?? "";
        if (said?.Severity == Severity.Error) return ("refused", text);
        if (text.EndsWith("has no effect so far", StringComparison.Ordinal)) return ("not yet", "warning: " + text);
        if (said is not null && Described(Bind("").Configuration!) == Described(binding.Configuration!)) return ("differs", "warning: " + text);
        return Described(Bind("").Configuration!) == Described(binding.Configuration!)
            ? ("differs", "taken without effect: what it asks for has no counterpart here, or happens anyway")
            : ("works", "`CompatibilityTests.Option_that_works_changes_the_site`");
    }

    private static string Line(CfOptionDefinition option) => $"O {option.Name}={Sample(option)}\n";

    /// <summary>A good value that is not the default.</summary>
    private static string Sample(CfOptionDefinition option) => option.Name switch
    {
        "DaemonPortOptions" => "Name=Other, Port=2626",
        "ClientPortOptions" => "Addr=127.0.0.1",
        "AuthOptions" => "A",
        "DeliveryMode" => "queue",
        "EightBitMode" => "mimify",
        "Timeout" => "mail=77m",
        "QueueTimeout" => "7d/7h",
        "ConnectOnlyTo" => "192.0.2.1",
        "ServerSSLOptions" or "ClientSSLOptions" => "+SSL_OP_NO_TLSv1_3",
        "SuperSafe" => "False",
        "RunAsUser" or "TrustedUser" or "DefaultUser" => "mail",
        _ => option.Type switch
        {
            CfOptionType.Boolean => CfValue.TryBoolean(option.Default ?? "False", out bool isTrue) && isTrue ? "False" : "True",
            CfOptionType.Integer => Math.Min(1234, option.Greatest).ToString(CultureInfo.InvariantCulture),
            CfOptionType.Octal => "0640",
            CfOptionType.Interval => "77m",
            CfOptionType.Path => "/etc/mail/other",
            CfOptionType.Choice or CfOptionType.List when option.Words.Count > 0 => option.Words.First(word => !word.Equals(option.Default, StringComparison.OrdinalIgnoreCase)),
            _ => "other.example.net",
        },
    };

    private static SiteBinding Bind(string line) => SiteBinder.Bind(CfDocument.Parse(Head + line, "t.cf"), Host);

    /// <summary>A site as text, the members of its collections in order, so that two sites can be compared.</summary>
    private static string Described(SiteConfiguration site) =>
        string.Join(' ', site, string.Join(',', site.Listeners), string.Join(',', site.NameServers), string.Join(',', site.Auth.Mechanisms), string.Join(',', site.Aliases.Maps), string.Join(',', site.Features));

    private static string Replace(string page, string name, string rows)
    {
        string begin = $"<!-- made: {name} -->\n", end = $"<!-- end: {name} -->";
        int from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length, to = page.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"docs/compatibility.md has no place for {name}");
        return page[..from] + rows + page[to..];
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Postrider.slnx"))) return directory.FullName;
        }

        throw new InvalidOperationException("not below a checkout");
    }

    [GeneratedRegex(@"^(?<class>\w+)\.(?<method>\w+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestName();

    [GeneratedRegex(@"\| (works|differs|refused|not yet) \|", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex State();
}
