namespace Postrider.Mta.Ldap;

/// <summary>What <c>/etc/ldap/ldap.conf</c> says that a map needs (ldap.conf(5)): defaults of libldap, behind what the site's own lines say.</summary>
/// <remarks>TLS_REQCERT is not obeyed: a server's certificate is verified always.</remarks>
internal sealed record LdapConf
{
    /// <summary>BASE; empty: none.</summary>
    public string BaseDn { get; init; } = "";

    /// <summary>URI, or HOST and PORT; empty: this host.</summary>
    public IReadOnlyList<LdapUrl> Servers { get; init; } = [];

    /// <summary>TLS_CACERT: a file of authorities, instead of the system's; null: the system's.</summary>
    public string? AuthoritiesFile { get; init; }

    public static LdapConf Parse(string text)
    {
        LdapConf conf = new();
        string hosts = "";
        int port = 389;
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Trim().Split([' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length < 2 || words[0].StartsWith('#')) continue;
            switch (words[0].ToUpperInvariant())
            {
                case "BASE": conf = conf with { BaseDn = words[1] }; break;
                case "URI": conf = conf with { Servers = [.. Words(words[1]).Select(static word => LdapUrl.TryParse(word, out LdapUrl? url) ? url : null).OfType<LdapUrl>()] }; break;
                case "HOST": hosts = words[1]; break;
                case "PORT" when ushort.TryParse(words[1], out ushort number): port = number; break;
                case "TLS_CACERT": conf = conf with { AuthoritiesFile = words[1] }; break;
            }
        }

        if (conf.Servers.Count > 0 || hosts.Length == 0) return conf;
        return conf with { Servers = [.. Words(hosts).Select(host => LdapUrl.TryParseHost(host, port, out LdapUrl? url) ? url : null).OfType<LdapUrl>()] };
    }

    private static string[] Words(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
