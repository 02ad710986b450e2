namespace Postrider.Mta.Delivery.Mailers;

/// <summary>Lets one program at a time work for a user: his mailbox is one file to many of them, and what waits for its lock need not be running. Thread-safe.</summary>
internal sealed class UserTurns
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Turn> turns = new(StringComparer.Ordinal);

    /// <summary>Waits until it is the turn of all of them; dispose when done.</summary>
    public async ValueTask<IDisposable> TakeAsync(IEnumerable<string> users, CancellationToken cancellationToken)
    {
        Taken taken = new(this);
        try
        {
            // In one order for everybody, so that nobody waits in a circle.
            foreach (string user in users.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                Turn turn = Enter(user);
                try
                {
                    await turn.Gate.WaitAsync(cancellationToken);
                }
                catch
                {
                    Leave(user, turn);
                    throw;
                }

                taken.Turns.Add((user, turn));
            }

            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    private Turn Enter(string user)
    {
        lock (gate)
        {
            if (!turns.TryGetValue(user, out Turn? turn)) turns.Add(user, turn = new Turn());
            turn.Count++;
            return turn;
        }
    }

    private void Leave(string user, Turn turn)
    {
        lock (gate)
        {
            if (--turn.Count == 0) turns.Remove(user);
        }
    }

    private sealed class Turn
    {
        public SemaphoreSlim Gate { get; } = new(1);

        /// <summary>Those who have it or wait for it.</summary>
        public int Count { get; set; }
    }

    private sealed class Taken(UserTurns owner) : IDisposable
    {
        public List<(string User, Turn Turn)> Turns { get; } = [];

        public void Dispose()
        {
            foreach ((string user, Turn turn) in Turns)
            {
                turn.Gate.Release();
                owner.Leave(user, turn);
            }

            Turns.Clear();
        }
    }
}
