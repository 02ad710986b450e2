namespace Postrider.Mta.Routing;

/// <summary>Where one recipient goes: sendmail's <c>{mailer, host, user}</c>.</summary>
/// <param name="Mailer">Name of an M line: esmtp, relay, local, maildir, discard, error.</param>
/// <param name="Host">For SMTP: domain for MX look-up, or <c>[host]</c>, <c>[192.0.2.1]</c>, <c>[host]:port</c> (no MX). For a Maildir: its directory.</param>
/// <param name="User">What the mailer is told: the address for SMTP, the local-part for local mailers.</param>
public sealed record MailerTriple(string Mailer, string Host, string User);
