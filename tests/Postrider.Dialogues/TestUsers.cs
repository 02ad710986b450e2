using Postrider.Smtp.Sasl;

namespace Postrider.Dialogues;

/// <summary>alice with the password wonderland, and nobody else.</summary>
internal sealed class TestUsers(bool isUp) : IScramCredentials
{
    private static readonly ScramKeys Alice = ScramKeys.Derive("wonderland"u8, "a salt of 16 oct"u8.ToArray(), ScramKeys.MinIterations);
    private static readonly ScramDecoy Decoy = new("a secret for the decoys, 32 octet"u8.ToArray());

    public ValueTask<ScramCredential> FindAsync(string userName, CancellationToken cancellationToken) => isUp
        ? ValueTask.FromResult(userName == "alice" ? new ScramCredential("alice", Alice) : Decoy.For(userName, ScramKeys.MinIterations))
        : ValueTask.FromException<ScramCredential>(new CredentialsUnavailableException("the store is down"));
}
