using System.Net;
using System.Net.Sockets;
using Postrider.Mta.Dns;
using Postrider.Smtp.Client;

namespace Postrider.Mta.Delivery;

/// <summary>A session that is open, and whom it leads to.</summary>
internal sealed record SmtpConnection(SmtpClientSession Session, MailHost Host, IPAddress Address)
{
    /// <summary>sendmail's <c>relay=</c>.</summary>
    public string Relay { get; } = RelayOf(Host, Address);

    public static string RelayOf(MailHost host, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"{host.Display} [IPv6:{address}]" : $"{host.Display} [{address}]";
}
