using System.Buffers;
using System.Text;

namespace Postrider.Mail.Headers;

/// <summary>One header field: its name, and its value as the octets that follow the colon, folding and leading blank kept (RFC 5322 §2.2).</summary>
/// <remarks>A view of octets that somebody else may own: valid as long as the <see cref="HeaderSection"/> it came from. Nothing is decoded until it is asked for.</remarks>
public readonly struct HeaderField : IEquatable<HeaderField>
{
    private HeaderField(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> rawValue)
    {
        NameOctets = name;
        RawValue = rawValue;
    }

    /// <summary>Without the colon and without blanks before it: sendmail 8.17 turns <c>X-Weird : v</c> into <c>X-Weird: v</c> (oracle 61).</summary>
    public ReadOnlyMemory<byte> NameOctets { get; }

    /// <summary>Everything between the colon and the last CRLF; the CRLFs of folding are in it.</summary>
    public ReadOnlyMemory<byte> RawValue { get; }

    public string Name => Encoding.ASCII.GetString(NameOctets.Span);

    /// <summary>The value unfolded, without blanks at its ends; UTF-8, or Latin-1 where it is not valid UTF-8.</summary>
    public string Text => HeaderText.Unfold(RawValue.Span);

    /// <summary>As written: name, colon, value, CRLF.</summary>
    public int Octets => NameOctets.Length + RawValue.Length + 3;

    public static bool operator ==(HeaderField left, HeaderField right) => left.Equals(right);

    public static bool operator !=(HeaderField left, HeaderField right) => !left.Equals(right);

    /// <summary>A field of our own. A folded value has CRLF followed by a blank or tab inside.</summary>
    /// <exception cref="ArgumentException">The name is no field name, or the value would end the field (a CR, LF or NUL that is not folding): text taken from mail cannot add a field.</exception>
    public static HeaderField Of(string name, string value)
    {
        byte[] nameOctets = Encoding.ASCII.GetBytes(name);
        if (nameOctets.Length == 0 || nameOctets.AsSpan().ContainsAnyExceptInRange((byte)33, (byte)126) || nameOctets.AsSpan().Contains((byte)':') || !Ascii.IsValid(name))
        {
            throw new ArgumentException("not a header field name", nameof(name));
        }

        byte[] raw = HeaderText.Encode(value.Length == 0 ? value : " " + value);
        if (!IsFolded(raw)) throw new ArgumentException("a header field value holds CR, LF or NUL outside folding", nameof(value));
        return new HeaderField(nameOctets, raw);
    }

    /// <summary>The same field with another value, in the octets that its own is in: UTF-8, or Latin-1 where it is not valid UTF-8.</summary>
    /// <exception cref="ArgumentException">As <see cref="Of"/>.</exception>
    public HeaderField WithText(string value)
    {
        byte[] raw = System.Text.Unicode.Utf8.IsValid(RawValue.Span) ? HeaderText.Encode(" " + value) : Encoding.Latin1.GetBytes(" " + value);
        if (!IsFolded(raw)) throw new ArgumentException("a header field value holds CR, LF or NUL outside folding", nameof(value));
        return new HeaderField(NameOctets, raw);
    }

    /// <summary>Compares the name ignoring case (RFC 5322 §1.2.2).</summary>
    public bool IsNamed(ReadOnlySpan<char> name) => Ascii.EqualsIgnoreCase(NameOctets.Span, name);

    public void WriteTo(IBufferWriter<byte> writer)
    {
        Span<byte> span = writer.GetSpan(Octets);
        NameOctets.Span.CopyTo(span);
        int at = NameOctets.Length;
        span[at++] = (byte)':';
        RawValue.Span.CopyTo(span[at..]);
        at += RawValue.Length;
        span[at++] = (byte)'\r';
        span[at++] = (byte)'\n';
        writer.Advance(at);
    }

    public bool Equals(HeaderField other) => NameOctets.Span.SequenceEqual(other.NameOctets.Span) && RawValue.Span.SequenceEqual(other.RawValue.Span);

    public override bool Equals(object? obj) => obj is HeaderField other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(NameOctets.Span);
        hash.AddBytes(RawValue.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => $"{Name}: {Text}";

    internal static HeaderField OfOctets(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> rawValue) => new(name, rawValue);

    /// <summary>How many octets at the start of a line are the name, and where the value begins; false when the line is no header field.</summary>
    /// <remarks>Laxer than RFC 5322 §3.6.8: blanks before the colon, as in its obsolete syntax (§4.5.8), because sendmail takes them (oracle 61).</remarks>
    internal static bool TrySplit(ReadOnlySpan<byte> line, out int nameLength, out int valueStart)
    {
        nameLength = 0;
        valueStart = 0;
        int colon = line.IndexOf((byte)':');
        if (colon <= 0) return false;
        ReadOnlySpan<byte> name = line[..colon].TrimEnd(" \t"u8);
        if (name.IsEmpty || name.ContainsAnyExceptInRange((byte)33, (byte)126)) return false;
        nameLength = name.Length;
        valueStart = colon + 1;
        return true;
    }

    private static bool IsFolded(ReadOnlySpan<byte> raw)
    {
        while (true)
        {
            int at = raw.IndexOfAny((byte)'\r', (byte)'\n', (byte)'\0');
            if (at < 0) return true;
            if (raw[at] != '\r' || at + 2 >= raw.Length || raw[at + 1] != '\n' || raw[at + 2] is not ((byte)' ' or (byte)'\t')) return false;
            raw = raw[(at + 3)..];
        }
    }
}
