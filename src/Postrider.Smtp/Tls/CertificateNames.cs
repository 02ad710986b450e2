using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Postrider.Smtp.Tls;

/// <summary>Distinguished names as sendmail's macros, logs and access keys write them: <c>/C=US/O=Oracle+20Test/CN=host</c>, in the certificate's order (oracle 21, 24).</summary>
internal static class CertificateNames
{
    private const string CommonName = "2.5.4.3";
    private const int MaxLength = 1024;

    /// <summary>The whole name. One that is malformed or longer than 1024 characters gives a word that no access key matches, never a cut name.</summary>
    public static string Encode(X500DistinguishedName name)
    {
        StringBuilder text = new();
        if (!Attributes(name, (oid, value) =>
            {
                text.Append('/').Append(ShortName(oid)).Append('=');
                foreach (byte b in value)
                {
                    // OpenSSL's one-line form writes what is not printable ASCII as \xHH.
                    if (b is < 0x20 or > 0x7e) text.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}");
                    else AppendEncoded(text, (char)b);
                }

                return text.Length <= MaxLength;
            }))
        {
            return text.Length > MaxLength ? "BadCertificateTooLong" : "BadCertificateUnknown";
        }

        return text.ToString();
    }

    /// <summary>The first common name, null without one. The words for a bad one are sendmail's (reference, macro list).</summary>
    public static string? EncodeCommonName(X500DistinguishedName name)
    {
        byte[]? found = null;
        bool sound = Attributes(name, (oid, value) =>
        {
            if (found is null && string.Equals(oid, CommonName, StringComparison.Ordinal)) found = value;
            return true;
        });
        if (!sound) return "BadCertificateUnknown";
        if (found is null) return null;
        if (found.Length > 256) return "BadCertificateTooLong";
        if (found.Contains((byte)0)) return "BadCertificateContainsNUL";
        StringBuilder text = new();
        foreach (byte b in found)
        {
            if (b is < 0x20 or > 0x7e) text.Append(CultureInfo.InvariantCulture, $"+{b:X2}");
            else AppendEncoded(text, (char)b);
        }

        return text.ToString();
    }

    // The documented set: "<", ">", "(", ")", '"', "+" and blank, besides what does not print.
    private static void AppendEncoded(StringBuilder text, char c)
    {
        if (c is ' ' or '<' or '>' or '(' or ')' or '"' or '+') text.Append(CultureInfo.InvariantCulture, $"+{(int)c:X2}");
        else text.Append(c);
    }

    /// <summary>Calls <paramref name="visit"/> for each attribute, also those of multi-valued RDNs; false when the name is malformed or the visitor stopped.</summary>
    private static bool Attributes(X500DistinguishedName name, Func<string, byte[], bool> visit)
    {
        try
        {
            AsnReader rdns = new AsnReader(name.RawData, AsnEncodingRules.BER).ReadSequence();
            while (rdns.HasData)
            {
                AsnReader rdn = rdns.ReadSetOf(skipSortOrderValidation: true);
                while (rdn.HasData)
                {
                    AsnReader attribute = rdn.ReadSequence();
                    string oid = attribute.ReadObjectIdentifier();
                    if (!visit(oid, Octets(attribute))) return false;
                }
            }

            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static byte[] Octets(AsnReader attribute)
    {
        Asn1Tag tag = attribute.PeekTag();
        // Two-octet characters are told in UTF-8, so that an ASCII name looks the same however it was encoded.
        if (tag.HasSameClassAndValue(new Asn1Tag(UniversalTagNumber.BMPString)))
            return Encoding.UTF8.GetBytes(attribute.ReadCharacterString(UniversalTagNumber.BMPString));
        return attribute.PeekContentBytes().ToArray();
    }

    /// <summary>OpenSSL's short names (crypto/objects); what is not here is written as its number.</summary>
    private static string ShortName(string oid) => oid switch
    {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "street",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "title",
        "2.5.4.13" => "description",
        "2.5.4.15" => "businessCategory",
        "2.5.4.17" => "postalCode",
        "2.5.4.41" => "name",
        "2.5.4.42" => "GN",
        "2.5.4.43" => "initials",
        "2.5.4.44" => "generationQualifier",
        "2.5.4.46" => "dnQualifier",
        "2.5.4.65" => "pseudonym",
        "2.5.4.97" => "organizationIdentifier",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "emailAddress",
        "1.2.840.113549.1.9.2" => "unstructuredName",
        "1.3.6.1.4.1.311.60.2.1.1" => "jurisdictionL",
        "1.3.6.1.4.1.311.60.2.1.2" => "jurisdictionST",
        "1.3.6.1.4.1.311.60.2.1.3" => "jurisdictionC",
        _ => oid,
    };
}
