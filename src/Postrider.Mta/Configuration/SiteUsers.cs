using Postrider.Mta.Users;
using Postrider.Sendmail;
using Postrider.Smtp.Sasl;

namespace Postrider.Mta.Configuration;

/// <summary>Those who may authenticate at a site: its own user store, else Cyrus SASL's database, else nobody.</summary>
/// <param name="Store">The user store; null: there is none.</param>
/// <param name="Stores">Whom mechanisms ask; null: AUTH is not offered.</param>
internal sealed record SiteUsers(UserStore? Store, SaslStores? Stores)
{
    /// <summary>Opens them. A database that is not there offers nothing, and a site without one is none the worse; one that cannot be read is a warning, and answered 454 until it can.</summary>
    /// <param name="report">Told once when the database cannot be read later on.</param>
    public static SiteUsers Open(SiteConfiguration site, TimeProvider time, Action<string> report, Action<Diagnostic> found)
    {
        AuthConfiguration auth = site.Auth;
        if (auth.UserStore is { } path)
        {
            UserStore store = new(path, auth.Realm ?? site.HostName);
            return new SiteUsers(store, SaslStores.Of(store));
        }

        // Differs from sendmail, which offers its mechanisms without a database too and then lets nobody in.
        if (auth.SaslDatabase is not { } file || !File.Exists(file)) return new SiteUsers(null, null);
        SaslDatabase database = new(file, auth.Realm ?? site.HostName, report);
        if (database.Check() is { } wrong) found(new Diagnostic(Severity.Warning, "", 0, $"AUTH is answered 454: {wrong}"));
        SaslStores stores = SaslStores.Of(database, time);
        return new SiteUsers(null, auth.ChecksPasswords ? stores : stores with { Passwords = null });
    }

    /// <summary>What is offered, as far as the configuration says it.</summary>
    public static SaslServerSettings Offer(AuthConfiguration auth) => new()
    {
        Mechanisms = auth.Mechanisms,
        KeepsOrder = auth.IsAsSendmails,
        Allowed = auth.AllowedMechanisms,
        Demands = DemandsOf(auth.Options),
        PlainInClear = auth.PasswordsInClear || (auth.IsAsSendmails && !auth.Options.Contains('p', StringComparison.Ordinal)),
        // sendmail 8.17, oracle 30: alice as bob is 235; what that may do is for trust_auth and the relay rules to say.
        MayActAs = auth.IsAsSendmails ? static (_, _) => true : null,
    };

    private static SaslDemands DemandsOf(string letters)
    {
        SaslDemands demands = SaslDemands.None;
        foreach (char letter in letters)
        {
            demands |= letter switch
            {
                'a' => SaslDemands.NoActive,
                'c' => SaslDemands.PassCredentials,
                'd' => SaslDemands.NoDictionary,
                'f' => SaslDemands.ForwardSecrecy,
                'm' => SaslDemands.Mutual,
                _ => SaslDemands.None,
            };
        }

        return demands;
    }
}
