using System.Buffers.Binary;
using System.Formats.Asn1;
using Postrider.Mta.Maps;

namespace Postrider.Mta.Ldap;

/// <summary>The client's side of LDAP version 3 (RFC 4511), as much of it as a look-up needs: simple bind and search, one at a time. Waits without a thread.</summary>
/// <remarks>
/// Our own, because the library that .NET has waits on threads of the pool, cannot bound a connect, and takes filters as text. Whatever the octets of the server are: reading ends, and stays within
/// <see cref="MaxOctets"/>.
/// </remarks>
internal sealed class LdapConnection(Stream stream) : IDisposable
{
    /// <summary>Most octets that the answer to one operation may have. Ours.</summary>
    public const int MaxOctets = 4 << 20;

    private static readonly Asn1Tag bindResponse = new(TagClass.Application, 1);
    private static readonly Asn1Tag searchEntry = new(TagClass.Application, 4);
    private static readonly Asn1Tag searchDone = new(TagClass.Application, 5);
    private static readonly Asn1Tag searchReference = new(TagClass.Application, 19);
    private static readonly Asn1Tag referral = new(TagClass.ContextSpecific, 3);

    private int lastId;
    private int octetsRead;

    public void Dispose() => stream.Dispose();

    /// <summary>Says who asks; with an empty name nobody in particular (RFC 4513 §5.1.1).</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    /// <exception cref="InvalidDataException">What came is no LDAP.</exception>
    public async ValueTask<LdapResult> BindAsync(int version, string name, string password, CancellationToken cancellationToken)
    {
        int id = await SendAsync(writer =>
        {
            using AsnWriter.Scope operation = writer.PushSequence(new Asn1Tag(TagClass.Application, 0));
            writer.WriteInteger(version);
            writer.WriteOctetString(AnswerText.Octets(name));
            writer.WriteOctetString(AnswerText.Octets(password), new Asn1Tag(TagClass.ContextSpecific, 0));
        }, cancellationToken);
        (Asn1Tag tag, AsnReader body) = await ReceiveAsync(id, cancellationToken);
        if (!tag.HasSameClassAndValue(bindResponse)) throw new InvalidDataException("the server answers something else than was asked");
        return Guarded(() => ReadResult(body, []));
    }

    /// <exception cref="IOException">The connection is lost.</exception>
    /// <exception cref="InvalidDataException">What came is no LDAP, or too much of it.</exception>
    public async ValueTask<LdapResult> SearchAsync(LdapSearch search, CancellationToken cancellationToken)
    {
        int id = await SendAsync(writer => Write(writer, search), cancellationToken);
        List<LdapEntry> entries = [];
        List<IReadOnlyList<string>> references = [];
        while (true)
        {
            (Asn1Tag tag, AsnReader body) = await ReceiveAsync(id, cancellationToken);
            if (tag.HasSameClassAndValue(searchDone)) return Guarded(() => ReadResult(body, references)) with { Entries = entries };
            if (tag.HasSameClassAndValue(searchEntry)) entries.Add(Guarded(() => ReadEntry(body)));
            else if (tag.HasSameClassAndValue(searchReference)) references.Add(Guarded(() => ReadStrings(body)));
            else throw new InvalidDataException("the server answers something else than was asked");
        }
    }

    private static void Write(AsnWriter writer, LdapSearch search)
    {
        using AsnWriter.Scope operation = writer.PushSequence(new Asn1Tag(TagClass.Application, 3));
        writer.WriteOctetString(AnswerText.Octets(search.BaseDn));
        WriteEnumerated(writer, (int)search.Scope);
        WriteEnumerated(writer, (int)search.Dereference);
        writer.WriteInteger(search.SizeLimit);
        writer.WriteInteger(search.TimeLimit);
        writer.WriteBoolean(search.TypesOnly);
        writer.WriteEncodedValue(search.Filter);
        using AsnWriter.Scope attributes = writer.PushSequence();
        foreach (string attribute in search.Attributes) writer.WriteOctetString(AnswerText.Octets(attribute));
    }

    private static void WriteEnumerated(AsnWriter writer, int value) => writer.WriteEncodedValue([0x0A, 1, (byte)value]);

    private async ValueTask<int> SendAsync(Action<AsnWriter> operation, CancellationToken cancellationToken)
    {
        int id = ++lastId;
        octetsRead = 0;
        AsnWriter writer = new(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            operation(writer);
        }

        await stream.WriteAsync(writer.Encode(), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        return id;
    }

    /// <summary>The next message that belongs to the operation. Notice of disconnection (RFC 4511 §4.4.1, id 0) ends the connection.</summary>
    private async ValueTask<(Asn1Tag Tag, AsnReader Body)> ReceiveAsync(int id, CancellationToken cancellationToken)
    {
        while (true)
        {
            byte[] message = await ReadMessageAsync(cancellationToken);
            (int messageId, Asn1Tag tag, AsnReader body) = Guarded(() =>
            {
                AsnReader content = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
                if (!content.TryReadInt32(out int number)) throw new InvalidDataException("a message of the server has no number");
                Asn1Tag operation = content.PeekTag();
                if (operation is not { TagClass: TagClass.Application, IsConstructed: true }) throw new InvalidDataException("the server does not speak LDAP");
                return (number, operation, content.ReadSequence(operation));
            });
            if (messageId == 0) throw new IOException("the server ends the connection");
            if (messageId == id) return (tag, body);
        }
    }

    private async ValueTask<byte[]> ReadMessageAsync(CancellationToken cancellationToken)
    {
        // RFC 4511 §5.1: a SEQUENCE in definite form.
        byte[] head = new byte[6];
        await ReadAsync(head.AsMemory(0, 2), cancellationToken);
        if (head[0] != 0x30) throw new InvalidDataException("the server does not speak LDAP");
        int headLength = 2;
        long length = head[1];
        if (length >= 0x80)
        {
            int more = head[1] & 0x7F;
            if (more is 0 or > 4) throw new InvalidDataException("the server does not speak LDAP");
            await ReadAsync(head.AsMemory(2, more), cancellationToken);
            headLength += more;
            byte[] wide = new byte[4];
            head.AsSpan(2, more).CopyTo(wide.AsSpan(4 - more));
            length = BinaryPrimitives.ReadUInt32BigEndian(wide);
        }

        if (octetsRead + length > MaxOctets) throw new InvalidDataException($"the answer has more than {MaxOctets} octets");
        octetsRead += (int)length + headLength;
        byte[] message = new byte[headLength + length];
        head.AsSpan(0, headLength).CopyTo(message);
        await ReadAsync(message.AsMemory(headLength), cancellationToken);
        return message;
    }

    private async ValueTask ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        if (into.Length > 0 && await stream.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, cancellationToken) < into.Length) throw new IOException("the server ended the connection");
    }

    private static LdapEntry ReadEntry(AsnReader body)
    {
        string dn = Text(body);
        List<(string, IReadOnlyList<string>)> attributes = [];
        AsnReader list = body.ReadSequence();
        while (list.HasData)
        {
            AsnReader attribute = list.ReadSequence();
            string name = Text(attribute);
            attributes.Add((name, ReadStrings(attribute.ReadSetOf(skipSortOrderValidation: true))));
        }

        return new LdapEntry(dn, attributes);
    }

    private static LdapResult ReadResult(AsnReader body, List<IReadOnlyList<string>> references)
    {
        ReadOnlySpan<byte> code = body.ReadEnumeratedBytes().Span;
        Text(body);
        string diagnostic = Text(body);
        if (body.HasData && body.PeekTag().HasSameClassAndValue(referral)) references.Add(ReadStrings(body.ReadSequence(body.PeekTag())));
        return new LdapResult(code.Length == 1 ? code[0] : -1, AnswerText.Clean(diagnostic)) { Referrals = references };
    }

    private static List<string> ReadStrings(AsnReader list)
    {
        List<string> texts = [];
        while (list.HasData) texts.Add(Text(list));
        return texts;
    }

    private static string Text(AsnReader reader) => AnswerText.Read(reader.ReadOctetString());

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (AsnContentException e)
        {
            throw new InvalidDataException("the server does not speak LDAP", e);
        }
    }
}
