using System.Net.Sockets;
using Postrider.Mta.Dns;
using Postrider.Mta.Ldap;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary>The map type <c>ldap</c>: reads its flags, those of <c>LDAPDefaultSpec</c> where the line is silent. Texts of refusals are sendmail's.</summary>
public static class LdapMapTypes
{
    private const string KnownFlags = "aAbcdDfhHkKlmMnNoOpPqrRsStTvVwxzZ1";

    public static IEnumerable<KeyValuePair<string, MapFactory>> Rows { get; } = [new("ldap", Ldap)];

    private static IMap Ldap(CfMap line, MapSpec spec, MapServices services)
    {
        for (char flag = '!'; flag <= '~'; flag++)
        {
            if (spec.Flags.Has(flag) && !KnownFlags.Contains(flag, StringComparison.Ordinal)) throw new FormatException($"Illegal option {flag} map {line.Name}");
        }

        MapFlags defaults = services.Option("LDAPDefaultSpec") is { Length: > 0 } text ? MapSpec.OfType("ldap", text).Flags : MapFlags.None;
        LdapMapFlags flags = new(line.Name, spec.Flags, defaults);
        if (flags.Text('k') is not { Length: > 0 } filterText) throw new FormatException($"No filter given in map {line.Name}");
        if (!LdapFilter.TryParse(filterText, flags.Has('K'), out LdapFilter? filter))
        {
            // sendmail 8.17 takes such a line, and the map fails whenever it is asked.
            services.Problem($"ldap map {line.Name}: {filterText}: Bad search filter");
            return new UnavailableMap($"Error in ldap_search in map {line.Name}: Bad search filter");
        }

        LdapConf conf = new WatchedFile<LdapConf>(services.LdapConfPath, LdapConf.Parse, services.Time).Value;
        int timeLimit = DnsMapTypes.Number(flags.Text('l')) ?? 0;
        int patience = DnsMapTypes.Number(flags.Text('c')) ?? timeLimit;
        (string bindDn, string password) = Credentials(flags, services);
        LdapMapSettings settings = new()
        {
            Filter = filter,
            Servers = Servers(flags, conf),
            BaseDn = flags.Text('b') ?? conf.BaseDn,
            AuthoritiesFile = conf.AuthoritiesFile,
            Scope = flags.Word('s', LdapScope.Sub, "Scope must be [base|one|sub]"),
            Dereference = flags.Word('r', LdapDereference.Never, "Deref must be [never|always|search|find]"),
            Attributes = LdapAttribute.ParseList(flags.Text('v') ?? "", line.Name),
            NamesOnly = flags.Has('n'),
            SingleMatch = flags.Has('1'),
            Between = DnsMapTypes.Delimiter(flags.Text('z')),
            NameBetween = DnsMapTypes.Delimiter(flags.Text('V')),
            SizeLimit = DnsMapTypes.Number(flags.Text('Z')) ?? 0,
            TimeLimit = timeLimit,
            Patience = TimeSpan.FromSeconds(patience > 0 ? patience : 30),
            FollowReferrals = !flags.Has('R'),
            Version = Version(flags),
            BindDn = bindDn,
            Password = password,
        };
        return new LdapMap(line.Name, settings, spec.Flags, services);
    }

    private static IReadOnlyList<LdapUrl> Servers(LdapMapFlags flags, LdapConf conf)
    {
        flags.NotBoth('h', 'H', "Can not specify both an LDAP host and an LDAP URI");
        List<LdapUrl> servers = [];
        foreach (string text in (flags.Text('H') ?? "").Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
            servers.Add(LdapUrl.TryParse(text, out LdapUrl? url) ? url : throw new FormatException($"{text} is no LDAP URI in map {flags.Map}"));
        int port = DnsMapTypes.Number(flags.Text('p')) ?? 389;
        foreach (string text in (flags.Text('h') ?? "").Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            servers.Add(LdapUrl.TryParseHost(text, port, out LdapUrl? url) ? url : throw new FormatException($"{text} is no host in map {flags.Map}"));
        if (servers.Count == 0 && flags.Text('p') is null && conf.Servers.Count > 0) return conf.Servers;
        return servers.Count > 0 ? servers : [LdapUrl.Local with { Server = new PeerAddress(null, "localhost", port, AddressFamily.Unspecified) }];
    }

    private static int Version(LdapMapFlags flags)
    {
        int version = DnsMapTypes.Number(flags.Text('w')) ?? 3;
        return version <= 3 ? version : throw new FormatException($"LDAP version {version} exceeds max of 3 in map {flags.Map}");
    }

    private static (string BindDn, string Password) Credentials(LdapMapFlags flags, MapServices services)
    {
        string method = (flags.Text('M') ?? "none").ToLowerInvariant().Replace("ldap_auth_", "", StringComparison.Ordinal);
        if (method == "krbv4") throw new FormatException($"Method krbv4 is not spoken any more in map {flags.Map}; simple and none are");
        if (method is not ("none" or "simple")) throw new FormatException($"Method for binding must be [none|simple|krbv4] (not {flags.Text('M')}) in map {flags.Map}");
        string password = "";
        if (flags.Text('P') is { Length: > 0 } file)
        {
            string path = Path.GetFullPath(file, services.BaseDirectory);
            try
            {
                password = File.ReadLines(path, System.Text.Encoding.Latin1).FirstOrDefault("");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new FormatException($"LDAP map: cannot open secret {path}: {e.Message}", e);
            }
        }

        return method == "none" ? (flags.Text('d') ?? "", "") : (flags.Text('d') ?? "", password);
    }
}
