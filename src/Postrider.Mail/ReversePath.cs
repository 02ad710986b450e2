namespace Postrider.Mail;

/// <summary>Where notifications go: the argument of MAIL FROM, without angle brackets. May be null, <c>&lt;&gt;</c> (RFC 5321 §4.1.2, §4.5.5).</summary>
/// <remarks>Keeps the text as the originator gave it: sendmail accepts unqualified and odd forms, and rulesets decide. Compared octet by octet.</remarks>
public sealed record ReversePath
{
    private ReversePath(string address) => Address = address;

    /// <summary>The null reverse-path: no notification is ever sent about such a message.</summary>
    public static ReversePath Null { get; } = new("");

    /// <summary>The address without angle brackets; empty for the null reverse-path.</summary>
    public string Address { get; }

    public bool IsNull => Address.Length == 0;

    /// <summary>The address in its two parts; null when it is null or unqualified.</summary>
    public Mailbox? Mailbox => Mail.Mailbox.TryParse(Address, out Mailbox? mailbox) ? mailbox : null;

    /// <exception cref="ArgumentException">The address holds CR, LF or NUL.</exception>
    public static ReversePath Of(string address) => address.Length == 0 ? Null : new(ForwardPath.Checked(address));

    /// <summary>With angle brackets, as it stands on the wire: <c>&lt;bob@example.org&gt;</c>.</summary>
    public override string ToString() => $"<{Address}>";
}
