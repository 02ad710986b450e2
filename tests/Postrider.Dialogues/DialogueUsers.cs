using Postrider.Mta.Routing;

namespace Postrider.Dialogues;

/// <summary>The accounts of the oracle's machine.</summary>
internal sealed class DialogueUsers : ILocalUsers
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal) { "root", "alice", "bob", "carol", "dave", "postmaster" };

    public ValueTask<bool> ExistsAsync(string user, CancellationToken cancellationToken) => new(Known.Contains(user));
}
