using System.Collections.Immutable;

namespace Postrider.Mta.Configuration;

public sealed record AuthConfiguration
{
    /// <summary>AuthMechanisms; empty: SCRAM-SHA-256, LOGIN and PLAIN.</summary>
    public ImmutableArray<string> Mechanisms { get; init; } = [];

    /// <summary>AuthOptions letters.</summary>
    public string Options { get; init; } = "";

    /// <summary>TRUST_AUTH_MECH: a session that authenticated with one of these may relay.</summary>
    public ImmutableHashSet<string> TrustedMechanisms { get; init; } = [];

    /// <summary>FEATURE(user_store): our own user store, made with <c>postrider passwd</c>. Null: none.</summary>
    public string? UserStore { get; init; }

    /// <summary>Cyrus SASL's database of passwords, made with <c>saslpasswd2</c>: that of a classic cf, or FEATURE(sasldb). Null: none. A user store goes before it.</summary>
    public string? SaslDatabase { get; init; }

    /// <summary>AuthRealm: the realm of users who name none. Null, the default: <c>$j</c>.</summary>
    public string? Realm { get; init; }

    /// <summary>Cyrus's <c>mech_list</c>: no other mechanism is offered from <see cref="SaslDatabase"/>. Empty, the default: any.</summary>
    public ImmutableArray<string> AllowedMechanisms { get; init; } = [];

    /// <summary>PLAIN and LOGIN are checked against <see cref="SaslDatabase"/>. False where Cyrus's <c>pwcheck_method</c> says somebody else checks them; then they are not offered. Default true.</summary>
    public bool ChecksPasswords { get; init; } = true;

    /// <summary>A classic cf: mechanisms in the order and spelling of AuthMechanisms, PLAIN and LOGIN in clear too unless AuthOptions has <c>p</c>, and who has authenticated may name any authorization identity (sendmail 8.17, oracle 30 and 32).</summary>
    public bool IsAsSendmails { get; init; }

    /// <summary>FEATURE(passwords_in_clear): PLAIN and LOGIN are offered without TLS too. Default false.</summary>
    /// <remarks>Differs from sendmail, which offers them in clear unless AuthOptions has <c>p</c> (oracle 32): a password in clear is given away, so a site has to ask for it.</remarks>
    public bool PasswordsInClear { get; init; }
}
