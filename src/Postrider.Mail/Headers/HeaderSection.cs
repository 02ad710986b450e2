using System.Buffers;
using System.Collections;

namespace Postrider.Mail.Headers;

/// <summary>The header section of a message (RFC 5322 §2.1): fields in their order, each with its octets exactly as they came. What is not touched is written as it was read.</summary>
/// <remarks>Not thread-safe. Names are compared ignoring case; the same name may occur often, and sendmail keeps every occurrence (oracle 61).</remarks>
public sealed class HeaderSection : IReadOnlyList<HeaderField>
{
    private readonly List<HeaderField> fields = [];

    public int Count => fields.Count;

    /// <summary>What <see cref="WriteTo"/> writes, without the empty line.</summary>
    public long Octets
    {
        get
        {
            long octets = 0;
            foreach (HeaderField one in fields) octets += one.Octets;
            return octets;
        }
    }

    public HeaderField this[int index] => fields[index];

    /// <summary>Reads a whole header section from the start of <paramref name="content"/>, without limits: the octets are in memory already.</summary>
    /// <param name="content">CRLF lines. The section keeps no reference to it.</param>
    /// <param name="bodyStart">Where the body begins.</param>
    public static HeaderSection Parse(ReadOnlySpan<byte> content, out int bodyStart)
    {
        HeaderSectionReader reader = new(HeaderSectionLimits.None);
        bodyStart = reader.Feed(content);
        reader.End();
        bodyStart -= reader.BodyPrefix.Length;
        return reader.Section;
    }

    /// <summary>Before all other fields, where trace fields go (RFC 5321 §4.4).</summary>
    public void AddOnTop(HeaderField field) => fields.Insert(0, field);

    public void Insert(int index, HeaderField field) => fields.Insert(index, field);

    public void Append(HeaderField field) => fields.Add(field);

    public void Replace(int index, HeaderField field) => fields[index] = field;

    public void RemoveAt(int index) => fields.RemoveAt(index);

    /// <returns>How many were removed.</returns>
    public int Remove(string name) => fields.RemoveAll(field => field.IsNamed(name));

    /// <summary>The place of the first field of this name from <paramref name="from"/> on; -1: none.</summary>
    public int IndexOf(ReadOnlySpan<char> name, int from = 0)
    {
        for (int i = from; i < fields.Count; i++)
        {
            if (fields[i].IsNamed(name)) return i;
        }

        return -1;
    }

    public bool Contains(ReadOnlySpan<char> name) => IndexOf(name) >= 0;

    /// <summary>The first field of this name; null: none.</summary>
    public HeaderField? Find(ReadOnlySpan<char> name) => IndexOf(name) is >= 0 and int index ? fields[index] : null;

    /// <summary>How often the name occurs; with <c>Received</c> the hop count (RFC 5321 §6.3).</summary>
    public int CountOf(ReadOnlySpan<char> name)
    {
        int count = 0;
        foreach (HeaderField field in fields)
        {
            if (field.IsNamed(name)) count++;
        }

        return count;
    }

    /// <summary>Writes every field, then the empty line that separates it from the body.</summary>
    public void WriteTo(IBufferWriter<byte> writer)
    {
        foreach (HeaderField field in fields) field.WriteTo(writer);
        writer.Write("\r\n"u8);
    }

    public List<HeaderField>.Enumerator GetEnumerator() => fields.GetEnumerator();

    IEnumerator<HeaderField> IEnumerable<HeaderField>.GetEnumerator() => fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => fields.GetEnumerator();
}
