using System.Net;
using System.Net.Sockets;
using Postrider.Mail;
using Postrider.Mta.Dns;
using Postrider.Smtp.Client;

namespace Postrider.Mta.Delivery;

/// <summary>Why one host did not take a message, when that says nothing about a recipient: the next host is tried, and if none is left this is the outcome.</summary>
internal sealed record HostFailure(EnhancedStatusCode Status, string Message, string Relay)
{
    public string? RemoteMta { get; init; }

    public SmtpReply? Reply { get; init; }

    public ReasonChain Reasons { get; init; } = ReasonChain.None;

    /// <summary>The later one, except that a temporary failure is not covered by a permanent one: another attempt may reach the host that could not be asked.</summary>
    public static HostFailure Worse(HostFailure? earlier, HostFailure later) =>
        earlier is { Status.IsTransient: true } && later.Status.IsPermanent ? earlier : later with { Reasons = (earlier?.Reasons ?? ReasonChain.None).Then(later.Reasons) };

    public static HostFailure NoAddress(MailHost host, DnsStatus status) => status == DnsStatus.TemporaryFailure
        ? new(new(4, 4, 3), $"Name server: {host.Display}: host name lookup failure", host.Display) { Reasons = Dns(host, status) }
        : new(new(5, 1, 2), $"Host unknown (Name server: {host.Display}: host not found)", host.Display) { Reasons = Dns(host, status) };

    public static HostFailure NotConnected(MailHost host, IPAddress address, SocketError error)
    {
        string message = error switch
        {
            SocketError.ConnectionRefused => $"Connection refused by {host.Display}",
            SocketError.TimedOut => $"Connection timed out with {host.Display}",
            SocketError.ConnectionReset => $"Connection reset by {host.Display}",
            SocketError.HostUnreachable => "No route to host",
            SocketError.NetworkUnreachable => "Network is unreachable",
            _ => $"Connection to {host.Display} failed: {error}",
        };
        return new(new(4, 4, 1), message, SmtpConnection.RelayOf(host, address))
        {
            Reasons = ReasonChain.Of(ReasonKind.Remote, $"connect to {address} port {host.Port}: {error}"),
        };
    }

    /// <summary>sendmail 8.17, oracle 25, 89: <c>Connection timed out with mx19.example.org.</c> (4.4.2), <c>454 4.7.0 TLS handshake failed.</c> (4.7.0).</summary>
    public static HostFailure Lost(MailHost host, IPAddress address, SmtpProtocolException loss)
    {
        (EnhancedStatusCode status, string message) = loss.Loss switch
        {
            SmtpConnectionLoss.TimedOut => (new EnhancedStatusCode(4, 4, 2), $"Connection timed out with {host.Display}"),
            SmtpConnectionLoss.Closed => (new EnhancedStatusCode(4, 4, 2), $"Connection reset by {host.Display}"),
            SmtpConnectionLoss.Security when loss.Phase == SmtpClientPhase.StartTls => (new EnhancedStatusCode(4, 7, 0), "454 4.7.0 TLS handshake failed."),
            SmtpConnectionLoss.Security => (new EnhancedStatusCode(4, 7, 0), "Temporary AUTH failure"),
            SmtpConnectionLoss.ReplyInjection => (new EnhancedStatusCode(4, 7, 0), $"454 4.7.0 replies injected before TLS with {host.Display}"),
            _ => (new EnhancedStatusCode(4, 5, 0), $"451 4.5.0 no valid reply from {host.Display}"),
        };
        return new(status, message, SmtpConnection.RelayOf(host, address))
        {
            RemoteMta = host.Name,
            Reasons = ReasonChain.Of(ReasonKind.Remote, $"{host.Display} during {loss.Phase}: {loss.Message}"),
        };
    }

    public static HostFailure Refused(MailHost host, IPAddress address, SmtpReply reply, SmtpClientPhase phase) =>
        new(StatusText.StatusOf(reply, phase), reply.IsPermanent ? "Service unavailable" : StatusText.Last(reply), SmtpConnection.RelayOf(host, address))
        {
            RemoteMta = host.Name,
            Reply = reply,
            Reasons = ReasonChain.Of(ReasonKind.Remote, $"{host.Display} said: {StatusText.Joined(reply)}"),
        };

    public RecipientOutcome Outcome(int recipient, ReasonChain first) =>
        new(recipient, Status.IsPermanent ? OutcomeKind.Failed : OutcomeKind.Deferred, Status, Status.IsPermanent ? Message : "Deferred: " + Message)
        {
            Relay = Relay,
            RemoteMta = RemoteMta,
            RemoteReply = Reply is null ? null : StatusText.Joined(Reply),
            Reasons = first.Then(Reasons),
        };

    private static ReasonChain Dns(MailHost host, DnsStatus status) => ReasonChain.Of(ReasonKind.Dns, $"{host.LookupName} A/AAAA: {status}");
}
