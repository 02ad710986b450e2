namespace Postrider.Mail;

/// <summary>ORCPT= of RCPT (RFC 3461 §4.2): the recipient that the originator named, decoded from xtext.</summary>
/// <param name="AddressType">For example <c>rfc822</c>, as written.</param>
/// <param name="Address">Decoded.</param>
public sealed record OriginalRecipient(string AddressType, string Address);
