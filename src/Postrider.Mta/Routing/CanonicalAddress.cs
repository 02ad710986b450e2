namespace Postrider.Mta.Routing;

/// <summary>What an address comes down to when routes, percent hacks, bang paths, quotes and comments are resolved as far as this host may resolve them.</summary>
/// <param name="LocalPart">Quotes removed when nothing needs them.</param>
/// <param name="Domain">Lower case, without trailing dot; empty for an unqualified address, which is local.</param>
/// <param name="IsLocal">Unqualified, or the domain is in class w.</param>
/// <param name="WasRerouted">Domain or local part are not the ones that were written: something inside the local part decided.</param>
public sealed record CanonicalAddress(string LocalPart, string Domain, bool IsLocal, bool WasRerouted)
{
    /// <summary>What the site's ruleset parse (0) made of it; null: read natively, the way is found later.</summary>
    public MailerTriple? Triple { get; init; }

    /// <summary>As it goes on the wire to a next hop and into the queue.</summary>
    public string Address => Domain.Length == 0 ? LocalPart : LocalPart + "@" + Domain;

    public override string ToString() => Address;
}
