using Postrider.Sendmail.Maps.Berkeley;
using Postrider.Sendmail.Maps.Cdb;

namespace Postrider.Sendmail.Maps;

/// <summary>Opens a map's file, whichever format it has: ours (CDB), or Berkeley DB that sendmail's own tools wrote.</summary>
public static class MapFile
{
    private const int HeadLength = 72;

    /// <param name="path">Absolute.</param>
    /// <param name="door">Asked for a file that this process may not read; null: it is then refused.</param>
    /// <exception cref="MapFileException">It is missing, being written, not whole, or of no format that is read here.</exception>
    public static IMapFile Open(string path, FileDoor? door = null)
    {
        byte[] head = new byte[HeadLength];
        int got;
        using (Microsoft.Win32.SafeHandles.SafeFileHandle file = SharedRead.Open(path, door))
        {
            try { got = RandomAccess.Read(file, head, 0); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException) { throw new MapFileException($"{path}: {e.Message}", e); }
        }
        return BerkeleyDatabase.IsOne(head.AsSpan(0, got)) ? BerkeleyDatabase.Open(path, door) : CdbFile.Open(path, door);
    }
}
