using Postrider.Mail;
using Postrider.Mta.Routing;
using Postrider.Smtp.Server;

namespace Postrider.Mta.Policy;

/// <summary>
/// Native check_rcpt: relay control. Mail for local and relay domains is taken from everybody; mail to elsewhere from who authenticated by a mechanism of
/// TRUST_AUTH_MECH, from the host itself, and from the clients in RELAY_DOMAIN. Denied by default.
/// </summary>
/// <remarks>sendmail 8.17, oracle 10 (address forms, texts), 31 (with authentication). Differs from sendmail: nothing but what is listed here permits; in particular
/// a client whose verified name is one of our own names is not permitted for that.</remarks>
public sealed class CheckRcpt() : Ruleset("check_rcpt")
{
    private const string Hook = "Local_check_rcpt";

    private static readonly ReasonChain Local = ReasonChain.Of(ReasonKind.Ruleset, "check_rcpt: the recipient is local");
    private static readonly ReasonChain FromHere = ReasonChain.Of(ReasonKind.Ruleset, "check_rcpt: the client is this host");

    public override async ValueTask<RulesetResult> ApplyAsync(RulesetArgument argument, PolicyContext context, CancellationToken cancellationToken)
    {
        if (context.Rulesets.Find(Hook) is { } hook)
        {
            RulesetResult said = await hook.ApplyAsync(argument, context, cancellationToken);
            if (said.Triple is not null || said.Text is "OK" or "RELAY") return said;
        }

        if (context.Recipient is not { } recipient)
        {
            return RulesetResult.Error("5.1.3", "553 User address required", ReasonChain.Of(ReasonKind.Ruleset, "check_rcpt: no recipient"));
        }

        if (recipient.IsLocal) return RulesetResult.Ok(Local);
        if (RelayDomainOf(recipient, context) is { } domain)
        {
            return RulesetResult.Relay(ReasonChain.Of(ReasonKind.Configuration, $"RELAY_DOMAIN {domain} takes {recipient.Domain}"));
        }

        SmtpSessionFacts session = context.Session;
        if (session.Auth is { } auth && context.Settings.TrustedMechanisms.Contains(auth.Mechanism))
        {
            return RulesetResult.Relay(ReasonChain.Of(ReasonKind.Auth, $"TRUST_AUTH_MECH {auth.Mechanism}: {auth.AuthenticationId} may relay"));
        }

        if (context.IsLocalClient) return RulesetResult.Relay(FromHere);
        if (context.Settings.RelayDomains.MatchAddress(session.ClientAddress) is { } prefix)
        {
            return RulesetResult.Relay(ReasonChain.Of(ReasonKind.Configuration, $"RELAY_DOMAIN {prefix} holds {session.ClientAddress}"));
        }

        // A name counts only when it leads back to the address: otherwise whoever owns a reverse zone could name himself into class R.
        if (session.ClientResolve == ClientResolve.Ok && context.Settings.RelayDomains.MatchDomain(session.ClientName) is { } name)
        {
            return RulesetResult.Relay(ReasonChain.Of(ReasonKind.Configuration, $"RELAY_DOMAIN {name} holds {session.ClientName}"));
        }

        return Denied(recipient, context);
    }

    private static RulesetResult Denied(CanonicalAddress recipient, PolicyContext context)
    {
        ReasonChain reasons = ReasonChain.Of(ReasonKind.Ruleset, $"check_rcpt: {recipient.Domain} is not local and {context.Session.Relay} may not relay");
        return context.Session.ClientResolve switch
        {
            ClientResolve.Temp => RulesetResult.Error(
                "4.4.0",
                $"450 Relaying temporarily denied. Cannot resolve PTR record for {context.Session.ClientAddress}",
                reasons),
            ClientResolve.Fail => RulesetResult.Error("5.7.1", $"550 Relaying denied. IP name lookup failed {context.ClientName}", reasons),
            ClientResolve.Forged => RulesetResult.Error("5.7.1", $"550 Relaying denied. IP name possibly forged {context.ClientName}", reasons),
            _ when context.Settings.TrustedMechanisms.Count > 0 => RulesetResult.Error("5.7.1", "550 Relaying denied. Proper authentication required.", reasons),
            _ => RulesetResult.Error("5.7.1", "550 Relaying denied", reasons),
        };
    }

    /// <summary>The entry of class R that lets the recipient through. A local part that routes on (<c>user%host</c>) must be let through at every step, or the relay domain's own mail host would be our hole.</summary>
    private static string? RelayDomainOf(CanonicalAddress recipient, PolicyContext context)
    {
        if (context.Settings.RelayDomains.MatchDomain(recipient.Domain) is not { } entry) return null;
        CanonicalAddress inner = recipient;
        for (int depth = 0; depth < 8; depth++)
        {
            // What routes on in a way that we do not read (a leading "|" or "!", a trailing "%"), the relay domain's own mail host may read all the same.
            if (AddressCanonifier.Next(inner.LocalPart) is not { } next) return AddressCanonifier.MayRoute(inner.LocalPart) ? null : entry;
            if (!context.Canonifier.TryResolve(next, out CanonicalAddress? resolved, out _)) return null;
            if (!resolved.IsLocal && context.Settings.RelayDomains.MatchDomain(resolved.Domain) is null) return null;
            inner = resolved;
        }

        return null;
    }
}
