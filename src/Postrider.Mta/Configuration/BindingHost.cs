using System.Net;
using System.Net.NetworkInformation;
using Postrider.Sendmail.Cf;

namespace Postrider.Mta.Configuration;

/// <summary>What binding takes from the machine when the file does not say it.</summary>
public sealed record BindingHost
{
    /// <summary><c>$j</c> without a Dj line: the host's name, qualified where the machine knows its domain.</summary>
    public required string HostName { get; init; }

    /// <summary>Against this directory relative paths are read.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>Of the machine's interfaces: class w holds each as an address literal.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Reads the words of an <c>F</c> line.</summary>
    public Func<CfClassFile, ClassFileSettings, ClassFileReading> ReadClassFile { get; init; } = ClassFileReader.Read;

    /// <summary>The text of a file outside the site's own that is looked at if it is there; null: there is none, or it may not be read.</summary>
    public Func<string, string?> ReadText { get; init; } = static path => TextOf(path);

    /// <summary>This machine; relative paths are below the directory of the configuration file.</summary>
    public static BindingHost Here(string configurationFile)
    {
        IPGlobalProperties properties = IPGlobalProperties.GetIPGlobalProperties();
        string name = properties.HostName;
        if (!name.Contains('.', StringComparison.Ordinal) && properties.DomainName is { Length: > 0 } domain && domain != "(none)") name += "." + domain;
        return new BindingHost { HostName = name, BaseDirectory = Path.GetDirectoryName(Path.GetFullPath(configurationFile)) ?? "/", Addresses = OwnAddresses() };
    }

    /// <summary>The addresses of this machine's interfaces, for class w.</summary>
    public static IReadOnlyList<IPAddress> OwnAddresses()
    {
        List<IPAddress> addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback];
        foreach (NetworkInterface network in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (UnicastIPAddressInformation unicast in network.GetIPProperties().UnicastAddresses)
            {
                if (!unicast.Address.IsIPv6LinkLocal) addresses.Add(unicast.Address);
            }
        }

        return addresses;
    }

    private static string? TextOf(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
