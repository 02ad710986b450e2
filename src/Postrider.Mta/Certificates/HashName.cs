using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Postrider.Mta.Certificates;

/// <summary>The name under which OpenSSL looks for an authority in a directory: what <c>openssl x509 -subject_hash</c> prints and <c>openssl rehash</c> makes links of.</summary>
public static class HashName
{
    /// <summary>Eight hexadecimal digits: the first four octets, little-endian, of SHA-1 over the name's canonical form.</summary>
    public static string Of(X500DistinguishedName name)
    {
        byte[] hash = SHA1.HashData(Canonical(name.RawData));
        return (hash[0] | hash[1] << 8 | hash[2] << 16 | hash[3] << 24).ToString("x8", CultureInfo.InvariantCulture);
    }

    /// <summary>Every attribute of a string type as UTF8String, in lower case, blanks at its ends removed and others made one; the RDNs one after the other, without the SEQUENCE around them.</summary>
    private static byte[] Canonical(byte[] encoded)
    {
        using MemoryStream canonical = new();
        AsnReader rdns = new AsnReader(encoded, AsnEncodingRules.BER).ReadSequence();
        while (rdns.HasData)
        {
            AsnReader rdn = rdns.ReadSetOf(skipSortOrderValidation: true);
            AsnWriter writer = new(AsnEncodingRules.DER);
            writer.PushSetOf();
            while (rdn.HasData)
            {
                AsnReader attribute = rdn.ReadSequence();
                writer.PushSequence();
                writer.WriteObjectIdentifier(attribute.ReadObjectIdentifier());
                if (TextOf(attribute) is { } text) writer.WriteCharacterString(UniversalTagNumber.UTF8String, Fold(text));
                else writer.WriteEncodedValue(attribute.ReadEncodedValue().Span);
                writer.PopSequence();
            }

            writer.PopSetOf();
            canonical.Write(writer.Encode());
        }

        return canonical.ToArray();
    }

    private static string? TextOf(AsnReader attribute)
    {
        Asn1Tag tag = attribute.PeekTag();
        if (tag.TagClass != TagClass.Universal) return null;
        return (UniversalTagNumber)tag.TagValue switch
        {
            UniversalTagNumber.BMPString => attribute.ReadCharacterString(UniversalTagNumber.BMPString),
            UniversalTagNumber.UTF8String => attribute.ReadCharacterString(UniversalTagNumber.UTF8String),
            UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.VisibleString or UniversalTagNumber.TeletexString =>
                Encoding.Latin1.GetString(attribute.PeekContentBytes().Span),
            _ => null,
        };
    }

    private static string Fold(string text)
    {
        StringBuilder folded = new(text.Length);
        foreach (char c in text.Trim(' ', '\t', '\n', '\v', '\f', '\r'))
        {
            bool blank = c is ' ' or (>= '\t' and <= '\r');
            if (!blank) folded.Append(char.IsAscii(c) ? char.ToLowerInvariant(c) : c);
            else if (folded[^1] != ' ') folded.Append(' ');
        }

        return folded.ToString();
    }
}
