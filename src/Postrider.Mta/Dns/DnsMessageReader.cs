using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Postrider.Mta.Dns;

/// <summary>Reads responses off the wire (RFC 1035 §4.1). Whatever the octets are: it ends, stays inside them, and says false to what does not belong to the question or is malformed.</summary>
internal ref struct DnsMessageReader
{
    private readonly ReadOnlySpan<byte> message;
    private int at;

    private DnsMessageReader(ReadOnlySpan<byte> message) => this.message = message;

    /// <summary>False: not an answer to this question, or broken; the caller goes on waiting, because anybody can send such a thing.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ushort id, DnsQuestion question, out DnsResponse response)
    {
        response = new DnsResponse(DnsResponse.NoError);
        if (message.Length < 12 || BinaryPrimitives.ReadUInt16BigEndian(message) != id) return false;

        // QR set, opcode QUERY (RFC 1035 §4.1.1).
        if ((message[2] & 0xF8) != 0x80) return false;
        int code = message[3] & 0x0F;
        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        DnsMessageReader reader = new(message) { at = 12 };

        // Some servers leave the question out of a format error; no other response may.
        if (questions == 0 && code == DnsResponse.FormatError)
        {
            response = new DnsResponse(code);
            return true;
        }

        if (questions != 1 || !reader.ReadQuestion(question)) return false;
        response = new DnsResponse(code) { IsTruncated = (message[2] & 0x02) != 0, IsAuthentic = (message[3] & 0x20) != 0 };
        if (response.IsTruncated) return true;
        List<DnsRecord> answers = [];
        for (int i = BinaryPrimitives.ReadUInt16BigEndian(message[6..]); i > 0; i--)
        {
            if (!reader.ReadRecord(out DnsRecord? record, out _)) return false;
            if (record is not null) answers.Add(record);
        }

        uint? negative = null;
        for (int i = BinaryPrimitives.ReadUInt16BigEndian(message[8..]); i > 0; i--)
        {
            if (!reader.ReadRecord(out _, out uint? minimum)) return false;
            negative ??= minimum;
        }

        response = response with { Answers = answers, NegativeTimeToLive = negative };
        return true;
    }

    private bool ReadQuestion(DnsQuestion question)
    {
        int length = question.WireName.Length;
        if (message.Length - at < length + 4) return false;
        for (int i = 0; i < length; i++)
        {
            byte octet = message[at + i];
            if (octet is >= (byte)'A' and <= (byte)'Z') octet |= 0x20;
            if (octet != question.WireName[i]) return false;
        }

        at += length;
        bool matches = BinaryPrimitives.ReadUInt16BigEndian(message[at..]) == (ushort)question.Type && BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) == 1;
        at += 4;
        return matches;
    }

    /// <summary>One record; null when it is of a type or class that nobody asks for here. For an SOA also how long its "no" lasts.</summary>
    private bool ReadRecord(out DnsRecord? record, out uint? negative)
    {
        record = null;
        negative = null;
        if (!ReadName(out string name) || message.Length - at < 10) return false;
        int type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        int kind = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
        uint ttl = BinaryPrimitives.ReadUInt32BigEndian(message[(at + 4)..]);

        // RFC 2181 §8: a TTL with the highest bit set is zero.
        if (ttl > int.MaxValue) ttl = 0;
        int length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
        at += 10;
        int end = at + length;
        if (end > message.Length) return false;
        bool valid = kind != 1 || ReadContent((DnsRecordType)type, name, ttl, end, out record, out negative);
        at = end;
        return valid;
    }

    private bool ReadContent(DnsRecordType type, string name, uint ttl, int end, out DnsRecord? record, out uint? negative)
    {
        record = null;
        negative = null;
        int length = end - at;
        switch (type)
        {
            case DnsRecordType.A or DnsRecordType.Aaaa:
                if (length != (type == DnsRecordType.A ? 4 : 16)) return false;
                record = new DnsRecord(name, type, ttl, "") { Address = new IPAddress(message.Slice(at, length)) };
                return true;
            case DnsRecordType.Cname or DnsRecordType.Ptr or DnsRecordType.Ns:
                if (!ReadName(out string target) || at != end) return false;
                record = new DnsRecord(name, type, ttl, target);
                return true;
            case DnsRecordType.Mx:
                if (length < 3) return false;
                int preference = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
                at += 2;
                if (!ReadName(out string exchange) || at != end) return false;
                record = new DnsRecord(name, type, ttl, exchange) { Preference = preference };
                return true;
            case DnsRecordType.Afsdb:
                // RFC 1183 §1: a subtype, and the host.
                if (length < 3) return false;
                at += 2;
                if (!ReadName(out string cell) || at != end) return false;
                record = new DnsRecord(name, type, ttl, cell);
                return true;
            case DnsRecordType.Tlsa:
                // RFC 6698 §2.1: usage, selector, matching type, data. Written as sendmail 8.17's map writes it: 03 01 01 00:01:02.
                if (length < 4) return false;
                string data = string.Join(':', Convert.ToHexString(message[(at + 3)..end]).Chunk(2).Select(static pair => new string(pair)));
                record = new DnsRecord(name, type, ttl, string.Create(CultureInfo.InvariantCulture, $"{message[at]:X2} {message[at + 1]:X2} {message[at + 2]:X2} {data}"));
                return true;
            case DnsRecordType.Srv:
                if (length < 7) return false;
                string head = string.Create(CultureInfo.InvariantCulture,
                    $"{BinaryPrimitives.ReadUInt16BigEndian(message[at..])} {BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..])} {BinaryPrimitives.ReadUInt16BigEndian(message[(at + 4)..])} ");
                at += 6;
                if (!ReadName(out string service) || at != end) return false;
                record = new DnsRecord(name, type, ttl, head + service);
                return true;
            case DnsRecordType.Txt:
                return ReadText(name, ttl, end, out record);
            case DnsRecordType.Soa:
                if (!ReadName(out _) || !ReadName(out _) || end - at != 20) return false;
                negative = Math.Min(ttl, BinaryPrimitives.ReadUInt32BigEndian(message[(at + 16)..]));
                return true;
            default:
                return true;
        }
    }

    // RFC 1035 §3.3.14: one or more counted strings; they are joined, as every user of TXT records does.
    private bool ReadText(string name, uint ttl, int end, out DnsRecord? record)
    {
        record = null;
        StringBuilder text = new();
        while (at < end)
        {
            int length = message[at++];
            if (at + length > end) return false;
            text.Append(Encoding.Latin1.GetString(message.Slice(at, length)));
            at += length;
        }

        record = new DnsRecord(name, DnsRecordType.Txt, ttl, text.ToString());
        return true;
    }

    /// <summary>A name, compressed or not (RFC 1035 §4.1.4). A pointer must lead backwards, before everything read for this name: so no loop is possible. The root is empty.</summary>
    private bool ReadName(out string name)
    {
        name = "";
        StringBuilder text = new();
        int position = at;
        int limit = at;
        bool jumped = false;
        int octets = 0;
        while (true)
        {
            if (position >= message.Length) return false;
            int length = message[position];
            if (length == 0)
            {
                if (!jumped) at = position + 1;
                name = text.ToString();
                return true;
            }

            if (length >= 0xC0)
            {
                if (position + 1 >= message.Length) return false;
                int target = ((length & 0x3F) << 8) | message[position + 1];
                if (target >= limit) return false;
                if (!jumped) at = position + 2;
                jumped = true;
                position = limit = target;
                continue;
            }

            // 0x40 and 0x80 are label types that were given up (RFC 6891 §5); a name has at most 255 octets.
            octets += length + 1;
            if (length > 63 || octets > 254 || position + 1 + length > message.Length) return false;
            if (text.Length > 0) text.Append('.');
            AppendLabel(text, message.Slice(position + 1, length));
            position += length + 1;
        }
    }

    // RFC 1035 §5.1: what is no plain character is written \DDD; so a name never brings a blank, a dot or a control character of its own.
    private static void AppendLabel(StringBuilder text, ReadOnlySpan<byte> label)
    {
        foreach (byte octet in label)
        {
            if (octet is > (byte)' ' and < 127 and not ((byte)'.' or (byte)'\\')) text.Append((char)octet);
            else text.Append(CultureInfo.InvariantCulture, $"\\{octet:000}");
        }
    }
}
