using System.Collections.Immutable;

namespace Postrider.Smtp.Sasl;

/// <summary>What is known of a mechanism before it is begun.</summary>
/// <param name="Name">In upper case.</param>
/// <param name="Meets">Demands that it meets.</param>
/// <param name="IsServed">Whether the stores can serve it.</param>
internal sealed record SaslMechanism(string Name, SaslDemands Meets, Func<SaslStores, bool> IsServed)
{
    /// <summary>Needs a channel to bind to.</summary>
    public const string Bound = "SCRAM-SHA-256-PLUS";

    /// <summary>Every mechanism of the server, strongest first.</summary>
    public static ImmutableArray<SaslMechanism> All { get; } =
    [
        new(Bound, SaslDemands.NoActive | SaslDemands.Mutual, static stores => stores.Scram is not null),
        new("SCRAM-SHA-256", SaslDemands.NoActive | SaslDemands.Mutual, static stores => stores.Scram is not null),
        new("SCRAM-SHA-1", SaslDemands.NoActive | SaslDemands.Mutual, static stores => stores.ScramSha1 is not null),
        new("DIGEST-MD5", SaslDemands.Mutual, static stores => stores.Secrets is not null),
        new("CRAM-MD5", SaslDemands.None, static stores => stores.Secrets is not null),
        new("LOGIN", SaslDemands.PassCredentials, static stores => stores.Passwords is not null),
        new("PLAIN", SaslDemands.PassCredentials, static stores => stores.Passwords is not null),
    ];

    /// <summary>The password itself goes over the wire.</summary>
    public bool ShowsPassword => Meets == SaslDemands.PassCredentials;

    /// <summary>Null: no such mechanism.</summary>
    public static SaslMechanism? Find(string name) => All.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
