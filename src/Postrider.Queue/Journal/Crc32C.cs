using System.Buffers.Binary;
using System.Numerics;

namespace Postrider.Queue.Journal;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), by the processor's own instruction where it has one.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> octets)
    {
        uint crc = uint.MaxValue;
        while (octets.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(octets));
            octets = octets[8..];
        }

        foreach (byte octet in octets) crc = BitOperations.Crc32C(crc, octet);
        return ~crc;
    }
}
