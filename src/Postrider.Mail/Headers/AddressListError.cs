namespace Postrider.Mail.Headers;

/// <summary>A piece of an address field that is no address.</summary>
/// <param name="Text">The piece as written, unfolded.</param>
/// <param name="Status">5.1.3 for a list, 5.0.0 for the rest, as sendmail 8.17 answers (oracle 82).</param>
/// <param name="Reason">As sendmail words it after <c>... </c>.</param>
public sealed record AddressListError(string Text, EnhancedStatusCode Status, string Reason)
{
    /// <summary>As sendmail prints it: <c>553 5.0.0 "x... Unbalanced '"'</c>.</summary>
    public override string ToString() => $"553 {Status} {Text}... {Reason}";
}
