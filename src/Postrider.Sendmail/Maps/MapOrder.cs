using Postrider.Sendmail.Maps.Berkeley;

namespace Postrider.Sendmail.Maps;

/// <summary>In which order the entries of a new file stand, and so are listed by <c>makemap -u</c> and <c>praliases</c>.</summary>
/// <remarks>As sendmail's tools list a map of usual size: a btree by its keys; a hash by its first two buckets, and in each by its keys. Several values of one key keep their order.</remarks>
public static class MapOrder
{
    public static IReadOnlyList<KeyValuePair<byte[], byte[]>> Sorted(string type, IEnumerable<KeyValuePair<byte[], byte[]>> entries)
    {
        Comparer<byte[]> octets = Comparer<byte[]>.Create(static (one, other) => one.AsSpan().SequenceCompareTo(other));
        return type == "btree"
            ? [.. entries.OrderBy(static entry => entry.Key, octets)]
            : [.. entries.OrderBy(static entry => BerkeleyHash.Hash(entry.Key) & 1).ThenBy(static entry => entry.Key, octets)];
    }
}
