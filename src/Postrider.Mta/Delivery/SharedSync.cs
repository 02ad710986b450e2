using System.Diagnostics;

namespace Postrider.Mta.Delivery;

/// <summary>
/// Group commit for directories: deliveries that wait for the same directory share one fsync. A sync counts only for those who came before it began.
/// </summary>
/// <remarks>Blocks its caller; thread-safe. Fails for those whose turn it was; who waited tries for himself.</remarks>
internal sealed class SharedSync
{
    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);

    /// <param name="path">Names the place: the same for everybody who may share.</param>
    /// <param name="sync">Makes everything that was done there before the call stable.</param>
    public void Sync(string path, Action sync)
    {
        Place place;
        lock (places)
        {
            if (!places.TryGetValue(path, out Place? known)) places.Add(path, known = new Place());
            place = known;
            place.Users++;
        }

        try
        {
            place.Sync(sync);
        }
        finally
        {
            lock (places)
            {
                if (--place.Users == 0) places.Remove(path);
            }
        }
    }

    private sealed class Place
    {
        private readonly object gate = new(); // not a Lock: it is waited on
        private long asked;
        private long stable;
        private bool isSyncing;

        public int Users { get; set; }

        public void Sync(Action sync)
        {
            long covers;
            lock (gate)
            {
                long mine = ++asked;
                while (isSyncing)
                {
                    Monitor.Wait(gate);
                    if (stable >= mine) return;
                }

                Debug.Assert(stable < mine);
                isSyncing = true;
                covers = asked;
            }

            bool succeeded = false;
            try
            {
                sync();
                succeeded = true;
            }
            finally
            {
                lock (gate)
                {
                    isSyncing = false;
                    if (succeeded) stable = covers;
                    Monitor.PulseAll(gate);
                }
            }
        }
    }
}
