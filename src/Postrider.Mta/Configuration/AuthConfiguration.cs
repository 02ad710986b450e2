using System.Collections.Immutable;

namespace Postrider.Mta.Configuration;

public sealed record AuthConfiguration
{
    /// <summary>AuthMechanisms; empty: every mechanism that a store can serve.</summary>
    public ImmutableArray<string> Mechanisms { get; init; } = [];

    /// <summary>AuthOptions letters.</summary>
    public string Options { get; init; } = "";

    /// <summary>TRUST_AUTH_MECH: a session that authenticated with one of these may relay.</summary>
    public ImmutableHashSet<string> TrustedMechanisms { get; init; } = [];

    /// <summary>FEATURE(user_store): our own user store, made with <c>postrider passwd</c>. Null: none.</summary>
    public string? UserStore { get; init; }

    /// <summary>FEATURE(passwords_in_clear): PLAIN and LOGIN are offered without TLS too. Default false.</summary>
    /// <remarks>Differs from sendmail, which offers them in clear unless AuthOptions has <c>p</c> (oracle 32): a password in clear is given away, so a site has to ask for it.</remarks>
    public bool PasswordsInClear { get; init; }
}
