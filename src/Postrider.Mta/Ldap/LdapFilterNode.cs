using System.Formats.Asn1;
using Postrider.Mta.Maps;

namespace Postrider.Mta.Ldap;

/// <summary>One node of a filter (RFC 4511 §4.5.1.7).</summary>
/// <param name="Choice">Number of its alternative in the protocol: and 0, or 1, not 2, equality 3, substrings 4, greater 5, less 6, present 7, approximate 8, extensible 9.</param>
internal sealed record LdapFilterNode(int Choice)
{
    public const int And = 0;
    public const int Or = 1;
    public const int Not = 2;
    public const int Equal = 3;
    public const int Substrings = 4;
    public const int GreaterOrEqual = 5;
    public const int LessOrEqual = 6;
    public const int Present = 7;
    public const int Approximate = 8;
    public const int Extensible = 9;

    /// <summary>Of and, or, not.</summary>
    public IReadOnlyList<LdapFilterNode> Children { get; init; } = [];

    /// <summary>Attribute description; empty in an extensible match that names none.</summary>
    public string Attribute { get; init; } = "";

    /// <summary>One value; of substrings one for each side of an asterisk, empty where nothing stands.</summary>
    public IReadOnlyList<LdapFilterValue> Values { get; init; } = [];

    /// <summary>Matching rule of an extensible match; empty: the attribute's own.</summary>
    public string Rule { get; init; } = "";

    /// <summary>Whether an extensible match looks at the parts of the name, too.</summary>
    public bool OfName { get; init; }

    public void Write(AsnWriter writer, Func<int, byte[]> place)
    {
        Asn1Tag tag = new(TagClass.ContextSpecific, Choice);
        if (Choice == Present)
        {
            writer.WriteOctetString(AnswerText.Octets(Attribute), tag);
            return;
        }

        using AsnWriter.Scope scope = writer.PushSequence(tag);
        if (Choice is And or Or or Not)
        {
            foreach (LdapFilterNode child in Children) child.Write(writer, place);
        }
        else if (Choice == Extensible)
        {
            if (Rule.Length > 0) writer.WriteOctetString(AnswerText.Octets(Rule), new Asn1Tag(TagClass.ContextSpecific, 1));
            if (Attribute.Length > 0) writer.WriteOctetString(AnswerText.Octets(Attribute), new Asn1Tag(TagClass.ContextSpecific, 2));
            writer.WriteOctetString(Values[0].Fill(place), new Asn1Tag(TagClass.ContextSpecific, 3));
            if (OfName) writer.WriteBoolean(true, new Asn1Tag(TagClass.ContextSpecific, 4));
        }
        else
        {
            writer.WriteOctetString(AnswerText.Octets(Attribute));
            if (Choice == Substrings) WriteSubstrings(writer, place);
            else writer.WriteOctetString(Values[0].Fill(place));
        }
    }

    /// <summary>RFC 4511 §4.5.1.7.2: initial 0, any 1, final 2; an empty piece is none. If the places leave nothing at all, one empty piece stands for them: it must not become "present".</summary>
    private void WriteSubstrings(AsnWriter writer, Func<int, byte[]> place)
    {
        using AsnWriter.Scope pieces = writer.PushSequence();
        bool isEmpty = true;
        for (int i = 0; i < Values.Count; i++)
        {
            byte[] piece = Values[i].Fill(place);
            if (piece.Length == 0 && !(isEmpty && i == Values.Count - 1)) continue;
            writer.WriteOctetString(piece, new Asn1Tag(TagClass.ContextSpecific, i == 0 ? 0 : i == Values.Count - 1 ? 2 : 1));
            isEmpty = false;
        }
    }
}
