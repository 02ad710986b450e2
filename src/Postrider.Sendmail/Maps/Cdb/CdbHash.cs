namespace Postrider.Sendmail.Maps.Cdb;

/// <summary>Numbers of the CDB format: 256 tables, found by a hash that begins at 5381.</summary>
internal static class CdbHash
{
    public const int Tables = 256;

    /// <summary>A place and a count for each table.</summary>
    public const int HeadLength = Tables * 8;

    public static uint Of(ReadOnlySpan<byte> key)
    {
        uint hash = 5381;
        foreach (byte octet in key) { hash = unchecked((hash << 5) + hash) ^ octet; }
        return hash;
    }
}
