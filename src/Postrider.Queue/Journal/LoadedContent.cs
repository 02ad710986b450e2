namespace Postrider.Queue.Journal;

/// <summary>The pieces of one content as they are found while loading; a piece found again was copied, and the later place holds.</summary>
internal sealed class LoadedContent
{
    /// <summary>More pieces than any content that was ever accepted has (a terabyte).</summary>
    private const int MaxPieces = 1 << 24;

    private ChunkPlace[] places = new ChunkPlace[1];

    public void Put(int index, ChunkPlace place)
    {
        if (index is < 0 or >= MaxPieces) throw new InvalidDataException("a piece of content has an impossible number");
        if (index >= places.Length) Array.Resize(ref places, Math.Max(index + 1, places.Length * 2));
        places[index] = place;
    }

    public bool IsComplete(uint chunks, long octets)
    {
        long sum = 0;
        for (int i = 0; i < chunks; i++)
        {
            if (i >= places.Length || places[i].Segment is null) return false;
            sum += places[i].ContentOctets;
        }

        return sum == octets;
    }

    public ChunkPlace[] Take(uint chunks)
    {
        ChunkPlace[] taken = new ChunkPlace[chunks];
        places.AsSpan(0, Math.Min(places.Length, taken.Length)).CopyTo(taken);
        return taken;
    }
}
