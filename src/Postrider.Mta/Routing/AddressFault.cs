using Postrider.Mail;

namespace Postrider.Mta.Routing;

/// <summary>Why a text is no address. The texts are sendmail's; they stand after <c>&lt;address&gt;... </c> in a 553 reply (oracle 05, 10).</summary>
public sealed record AddressFault(EnhancedStatusCode Status, string Text)
{
    public static AddressFault InvalidRouteAddress { get; } = new(new(5, 1, 3), "Invalid route address");

    public static AddressFault HostnameRequired { get; } = new(new(5, 1, 3), "Hostname required");

    public static AddressFault UserAddressRequired { get; } = new(new(5, 1, 3), "User address required");

    public static AddressFault InvalidAddress { get; } = new(new(5, 1, 3), "Invalid address");

    public static AddressFault InvalidHostname { get; } = new(new(5, 1, 2), "Invalid host name");

    public static AddressFault UnbalancedQuote { get; } = new(new(5, 0, 0), "Unbalanced '\"'");

    public static AddressFault UnbalancedComment { get; } = new(new(5, 0, 0), "Unbalanced '('");

    public static AddressFault UnbalancedAngle { get; } = new(new(5, 0, 0), "Unbalanced '<'");
}
