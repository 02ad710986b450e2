namespace Postrider.EndToEnd.Support;

/// <summary>A daemon whose users are those of a sasldb, which is root's alone; every mechanism is offered, in clear too.</summary>
public sealed class SaslDaemon : SharedDaemon
{
    private protected override Task<TestSite> CreateAsync() => TestSite.CreateAsync(hasSaslDatabase: true);
}
