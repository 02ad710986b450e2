namespace Postrider.Mta.Routing;

/// <summary>What the router needs to know of the site.</summary>
public sealed record RoutingSettings
{
    /// <summary><c>$j</c>: the domain of an unqualified address.</summary>
    public required string HostName { get; init; }

    /// <summary>Class w.</summary>
    public required LocalNames Local { get; init; }

    /// <summary>SMART_HOST as <c>host</c>, <c>[host]</c> or <c>[host]:port</c>; null: every domain by its own MX.</summary>
    public string? SmartHost { get; init; }

    /// <summary>Null: there are no local mailboxes, and every local name is unknown.</summary>
    public IVirtualMailboxes? Mailboxes { get; init; }

    /// <summary>The accounts of this machine, which the mailer local delivers to; null: there is no such mailer, and an account is nobody.</summary>
    public ILocalUsers? Accounts { get; init; }

    /// <summary>FEATURE(redirect): <c>user@domain.REDIRECT</c> is somebody who has moved there.</summary>
    public bool HasRedirect { get; init; }
}
