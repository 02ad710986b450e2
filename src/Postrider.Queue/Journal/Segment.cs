using System.Globalization;

namespace Postrider.Queue.Journal;

/// <summary>One file of the journal, and how much of it lives.</summary>
/// <remarks>Lengths belong to the writer; what lives is counted under the index's gate.</remarks>
internal sealed class Segment(ulong number, IJournalFile file, long length) : IDisposable
{
    /// <summary>Both copies of the segment's head stand in this many octets.</summary>
    public const int HeadOctets = 4096;

    public const string Prefix = "segment-";

    private int readers = 1;

    public ulong Number { get; } = number;

    public IJournalFile File { get; } = file;

    /// <summary>Where the next record goes.</summary>
    public long Length { get; set; } = length;

    /// <summary>Up to here it is known to be on stable storage.</summary>
    public long Durable { get; set; } = length;

    /// <summary>A write or sync failed: what stands from <see cref="Durable"/> on was never committed, and nothing is added any more.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Something in it could not be read: it is kept aside instead of deleted.</summary>
    public bool IsDamaged { get; set; }

    public int LiveRecords { get; private set; }

    public long LiveOctets { get; private set; }

    public string Name => NameOf(Number);

    public static string NameOf(ulong number) => Prefix + number.ToString("D16", CultureInfo.InvariantCulture);

    public static bool TryParseName(string name, out ulong number)
    {
        number = 0;
        return name.Length == Prefix.Length + 16
            && name.StartsWith(Prefix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    public void Live(int octets)
    {
        LiveRecords++;
        LiveOctets += octets;
    }

    public void Dead(int octets)
    {
        LiveRecords--;
        LiveOctets -= octets;
    }

    /// <summary>The file stays open until every reader has called <see cref="Dispose"/>. Only under the gate, while the segment is in the journal.</summary>
    public void AddReader() => Interlocked.Increment(ref readers);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref readers) == 0) File.Dispose();
    }
}
