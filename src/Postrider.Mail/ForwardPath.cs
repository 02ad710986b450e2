namespace Postrider.Mail;

/// <summary>One recipient: the argument of RCPT TO, without angle brackets and source route (RFC 5321 §4.1.2). Never empty.</summary>
public sealed record ForwardPath
{
    private ForwardPath(string address) => Address = address;

    /// <summary>The address without angle brackets, as given.</summary>
    public string Address { get; }

    /// <summary>The address in its two parts; null when it is unqualified (<c>postmaster</c>).</summary>
    public Mailbox? Mailbox => Mail.Mailbox.TryParse(Address, out Mailbox? mailbox) ? mailbox : null;

    /// <exception cref="ArgumentException">The address is empty or holds CR, LF or NUL.</exception>
    public static ForwardPath Of(string address) =>
        address.Length == 0 ? throw new ArgumentException("a forward-path is never empty", nameof(address)) : new(Checked(address));

    public override string ToString() => $"<{Address}>";

    internal static string Checked(string address) => address.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0
        ? throw new ArgumentException("an address holds CR, LF or NUL", nameof(address))
        : address;
}
