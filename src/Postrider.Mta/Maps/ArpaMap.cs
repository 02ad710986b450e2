using System.Net;
using System.Net.Sockets;
using Postrider.Mta.Dns;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>arpa</c>: an address with its parts reversed, as DNS lists want them: <c>127.5.0.1</c> is <c>1.0.5.127</c>; <c>IPv6:</c> addresses by digits. Nothing is asked. Stateless.</summary>
internal sealed class ArpaMap(MapFlags flags) : IMap
{
    private const string IPv6Tag = "IPv6:";

    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        bool isTagged = key.StartsWith(IPv6Tag, StringComparison.OrdinalIgnoreCase);
        if (!IPAddress.TryParse(isTagged ? key.AsSpan(IPv6Tag.Length) : key, out IPAddress? address)) return new(MapResult.NotFound);

        // sendmail 8.17: an IPv6 address without its tag, and an IPv4 one with fewer than four parts, is none.
        bool isAddress = isTagged ? address.AddressFamily == AddressFamily.InterNetworkV6 : address.AddressFamily == AddressFamily.InterNetwork && key.Count(static c => c == '.') == 3;
        if (!isAddress) return new(MapResult.NotFound);
        string name = ArpaName.Of(address);
        return new(MapValue.Finish(flags, name[..name.LastIndexOf('.', name.LastIndexOf('.') - 1)], key, arguments));
    }
}
