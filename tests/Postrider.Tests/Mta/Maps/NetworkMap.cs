using Postrider.Mta.Dns;
using Postrider.Mta.Maps;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Tests.Mta.Maps;

/// <summary>Makes the map of a K line as the site does, and asks it.</summary>
internal static class NetworkMap
{
    public static MapServices Services(IDnsResolver? dns = null, params (string Name, string Value)[] options) => new()
    {
        Time = TimeProvider.System,
        HostName = "mx.oracle.test",
        Dns = dns,
        ResolvConfPath = "/nonexistent/resolv.conf",
        LdapConfPath = "/nonexistent/ldap.conf",
        Option = name => options.FirstOrDefault(option => option.Name == name).Value ?? (name is "HostsFile" or "ServiceSwitchFile" ? "/nonexistent/" + name : null),
    };

    /// <param name="line">A K line without its K: <c>x dns -R A</c>.</param>
    public static IMap Open(string line, MapServices services) => MapTypes.Standard.Open(CfDocument.Parse("K" + line + "\n", "t.cf").Maps.Single(), services)!;

    /// <summary>The value; <c>?</c> for not found; <c>!</c> and the reason for a temporary failure.</summary>
    public static async Task<string> AskAsync(IMap map, string key, params string[] arguments)
    {
        MapResult result = await map.LookupAsync(key, arguments, TestContext.Current.CancellationToken);
        return result.Status switch { MapStatus.Found => result.Value, MapStatus.NotFound => "?", _ => "!" + result.Reason };
    }
}
