using System.Collections.Immutable;
using System.Net;

namespace Postrider.Mta.Dns;

/// <summary>One host that takes mail for a destination.</summary>
/// <param name="Name">Host name without trailing dot, or the bracketed form as it was given: <c>[192.0.2.1]</c>.</param>
/// <param name="Port">25 unless the destination named another.</param>
public sealed record MailHost(string Name, int Port)
{
    /// <summary>Known from the start for an address literal; empty: to be looked up.</summary>
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>True when the destination was given in brackets: no MX, and shown as it was given.</summary>
    public bool IsBracketed => Name.StartsWith('[');

    /// <summary>As sendmail's log and texts show it: a name that the DNS gave ends in a dot (oracle 89).</summary>
    public string Display => IsBracketed ? Name : Name + ".";

    /// <summary>The name to ask the DNS for, and to expect in a certificate.</summary>
    public string LookupName => IsBracketed ? Name[1..^1] : Name;
}
