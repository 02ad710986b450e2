namespace Postrider.Mail;

/// <summary>One link of what led to a verdict, for the operator, never for the peer.</summary>
/// <param name="Kind">What decided.</param>
/// <param name="Text">In the field's words, for example <c>check_rcpt: bob@example.org is not local and 192.0.2.1 may not relay</c>.</param>
public sealed record Reason(ReasonKind Kind, string Text)
{
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}: {Text}";
}
