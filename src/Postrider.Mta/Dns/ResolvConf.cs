using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Postrider.Mta.Dns;

/// <summary>What <c>/etc/resolv.conf</c> says that matters here (resolv.conf(5)): nameserver, search, domain, and timeout, attempts and ndots of options. Only <see cref="NameSearch"/> uses the search list.</summary>
public sealed record ResolvConf
{
    /// <summary>Without any nameserver line: the local host, as resolv.conf(5) has it. At most three, as there.</summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [new(IPAddress.Loopback, 53)];

    /// <summary>For one try with one server; 5 seconds, at most 30.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Rounds over all servers; 2, at most 5.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>What is appended to names that are not complete; empty: nothing is said. At most six, as there; <c>domain</c> is a list of one.</summary>
    public ImmutableArray<string> Search { get; init; } = [];

    /// <summary>A name with as many dots is asked as it is before the search list is tried; 1, at most 15.</summary>
    public int Dots { get; init; } = 1;

    /// <summary>Every server is this host: it may know the names of 127/8, and asking it tells nobody else.</summary>
    public bool IsThisHost => Servers.All(static server => IPAddress.IsLoopback(server.Address));

    /// <summary>What the file says; what is said without any file if it cannot be read.</summary>
    public static ResolvConf Read(string path)
    {
        try { return Parse(File.ReadAllText(path)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return new ResolvConf(); }
    }

    public static ResolvConf Parse(string text)
    {
        List<IPEndPoint> servers = [];
        ResolvConf found = new();
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith('#') || line.StartsWith(';')) continue;
            string[] words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2) continue;
            if (words[0] == "nameserver" && servers.Count < 3 && IPAddress.TryParse(words[1], out IPAddress? address)) servers.Add(new IPEndPoint(address, 53));
            if (words[0] is "search" or "domain") found = found with { Search = [.. words.Skip(1).Take(words[0] == "domain" ? 1 : 6).Select(static domain => domain.Trim('.')).Where(static domain => domain.Length > 0)] };
            if (words[0] != "options") continue;
            foreach (string option in words.Skip(1))
            {
                if (Number(option, "timeout:") is { } timeout) found = found with { Timeout = TimeSpan.FromSeconds(Math.Clamp(timeout, 1, 30)) };
                if (Number(option, "ndots:") is { } dots) found = found with { Dots = Math.Clamp(dots, 0, 15) };
                if (Number(option, "attempts:") is { } attempts) found = found with { Attempts = Math.Clamp(attempts, 1, 5) };
            }
        }

        return servers.Count > 0 ? found with { Servers = [.. servers] } : found;
    }

    private static int? Number(string option, string name) =>
        option.StartsWith(name, StringComparison.Ordinal) && int.TryParse(option.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
