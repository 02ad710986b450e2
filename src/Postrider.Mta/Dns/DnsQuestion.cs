using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Postrider.Mta.Dns;

/// <summary>A question in wire form (RFC 1035 §4.1).</summary>
internal sealed class DnsQuestion
{
    /// <summary>UDP payload that we take (RFC 6891 §6.2.5): what the DNS flag day 2020 agreed on, so that nothing is fragmented.</summary>
    public const int UdpPayload = 1232;

    private DnsQuestion(string name, byte[] wireName, DnsRecordType type)
    {
        Name = name;
        WireName = wireName;
        Type = type;
    }

    /// <summary>In lower case, without final dot.</summary>
    public string Name { get; }

    public byte[] WireName { get; }

    public DnsRecordType Type { get; }

    /// <summary>Null: no such name can exist (a label above 63 octets, an empty one, above 255 in all).</summary>
    public static DnsQuestion? Create(string name, DnsRecordType type)
    {
        string ascii = name.TrimEnd('.').ToLowerInvariant();
        if (!Ascii.IsValid(ascii) && !TryPunycode(ascii, out ascii)) return null;
        if (ascii.Length is 0 or > 253) return null;
        byte[] wire = new byte[ascii.Length + 2];
        int at = 0;
        foreach (Range range in ascii.AsSpan().Split('.'))
        {
            ReadOnlySpan<char> label = ascii.AsSpan(range);
            if (label.Length is 0 or > 63) return null;
            foreach (char c in label)
            {
                if (c is <= ' ' or > '~') return null;
            }

            wire[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, wire.AsSpan(at));
        }

        return new DnsQuestion(ascii, wire, type);
    }

    /// <summary>Recursion desired, AD set: the validating resolver is asked to say whether it validated (RFC 6840 §5.7).</summary>
    public byte[] Encode(ushort id, bool withEdns)
    {
        byte[] message = new byte[12 + WireName.Length + 4 + (withEdns ? 11 : 0)];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        message[2] = 0x01;
        message[3] = 0x20;
        message[5] = 1;
        WireName.CopyTo(message, 12);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(12 + WireName.Length), (ushort)Type);
        message[12 + WireName.Length + 3] = 1;
        if (!withEdns) return message;

        // RFC 6891 §6.1.2: the OPT record: root name, type 41, payload size, no flags, no options.
        message[11] = 1;
        Span<byte> opt = message.AsSpan(12 + WireName.Length + 4);
        opt[2] = 41;
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], UdpPayload);
        return message;
    }

    private static bool TryPunycode(string name, out string ascii)
    {
        try
        {
            ascii = new IdnMapping().GetAscii(name);
            return true;
        }
        catch (ArgumentException)
        {
            ascii = "";
            return false;
        }
    }
}
