using Postrider.Mta.Hosting.Posix;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary>Map types that ask another program, or tell one; and those that nobody serves any more.</summary>
public static class PeerMapTypes
{
    private static readonly TimeSpan socketPatience = TimeSpan.FromSeconds(30);

    public static IEnumerable<KeyValuePair<string, MapFactory>> Rows { get; } =
    [
        new("socket", Socket),
        new("user", User),
        new("userdb", UserDatabase),
        new("program", Program),
        new("syslog", Syslog),
        Refused("nis", "makemap takes what ypcat writes"),
        Refused("nisplus", "makemap takes what niscat writes"),
        Refused("hesiod", "a dns map with -R TXT asks the same records"),
        Refused("netinfo", "its server is not made any more"),
        Refused("ph", "its servers are not run any more; ldap asks a directory"),
    ];

    private static IMap Socket(CfMap line, MapSpec spec, MapServices services)
    {
        if (spec.Argument.Length == 0) throw new FormatException($"No file name for socket map {line.Name}");
        if (PeerAddress.TryParse(spec.Argument, out PeerAddress? server)) return new SocketMap(line.Name, server, DnsMapTypes.Seconds(spec.Flags.Value('d')) ?? socketPatience, spec.Flags, services);

        // sendmail 8.17 takes such a line, and the map fails whenever it is asked.
        services.Problem($"socket map {line.Name}: {spec.Argument} is neither unix:/path nor inet:port@host");
        return new UnavailableMap($"socket map {line.Name}: {spec.Argument} is no address");
    }

    private static IMap User(CfMap line, MapSpec spec, MapServices services)
    {
        string column = spec.Flags.Value('v') ?? "name";
        if (UserMap.IsColumn(column)) return new UserMap(column, services.Users ?? new SystemUserDirectory(services.Time), spec.Flags);

        // sendmail 8.17 takes such a line, and the map fails whenever it is asked.
        services.Problem($"User map {line.Name}: unknown column name {column}");
        return new UnavailableMap($"User map {line.Name}: unknown column name {column}");
    }

    private static IMap UserDatabase(CfMap line, MapSpec spec, MapServices services)
    {
        if (spec.Argument.Length == 0) throw new FormatException($"No file name for userdb map {line.Name}");
        List<IMap> files = [];
        foreach (string file in (services.Option("UserDatabaseSpec") ?? "").Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!file.StartsWith('/')) throw new FormatException($"map {line.Name}: UserDatabaseSpec: {file} not available: only files are");
            CfMap btree = new(line.Line, line.Raw, line.Name, "btree", (spec.Flags.Optional ? "-o " : "") + file);
            files.Add(MapTypes.Standard.Open(btree, services) ?? new UnavailableMap($"map {line.Name}: class btree is not served"));
        }

        return new UserDatabaseMap(spec.Argument, files, spec.Flags);
    }

    private static IMap Program(CfMap line, MapSpec spec, MapServices services)
    {
        string[] words = spec.Argument.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) throw new FormatException($"No file name for program map {line.Name}");
        words[0] = Path.GetFullPath(words[0], services.BaseDirectory);
        return new ProgramMap(line.Name, words, DnsMapTypes.Seconds(spec.Flags.Value('d')) ?? ProgramMap.DefaultPatience, spec.Flags, services);
    }

    private static IMap Syslog(CfMap line, MapSpec spec, MapServices services)
    {
        foreach (char flag in "aAdfkmoqrvz".Where(flag => spec.Flags.Has(flag))) throw new FormatException($"Illegal option {flag} map syslog");
        string level = spec.Flags.Value('L') ?? "";
        return new SyslogMap(SyslogMap.Severity(level) ?? throw new FormatException($"syslog_map_parseargs: Unknown priority {level}"), services);
    }

    private static KeyValuePair<string, MapFactory> Refused(string type, string instead) =>
        new(type, (line, _, _) => throw new FormatException($"map {line.Name}: class {type} not available: {instead}"));
}
