using System.Security.Cryptography.X509Certificates;
using Postrider.Smtp.Tls;

namespace Postrider.Tests.Smtp.Tls;

public sealed class CertificateNamesTests
{
    [Theory]
    [InlineData("E=ca@oracle.test, CN=Oracle Root CA, O=Oracle Test, L=Berkeley, S=California, C=US",
        "/C=US/ST=California/L=Berkeley/O=Oracle+20Test/CN=Oracle+20Root+20CA/emailAddress=ca@oracle.test", "Oracle+20Root+20CA")] // oracle 21
    [InlineData("CN=\"a(b)<c>+=d\"", "/CN=a+28b+29+3Cc+3E+2B=d", "a+28b+29+3Cc+3E+2B=d")]
    [InlineData("CN=caf\u00e9", "/CN=caf\\xC3\\xA9", "caf+C3+A9")]
    [InlineData("O=none", "/O=none", null)]
    [InlineData("OID.1.2.3.4=x", "/1.2.3.4=x", null)]
    [InlineData("", "", null)]
    public void Names_are_written_as_sendmail_writes_them(string name, string whole, string? common)
    {
        X500DistinguishedName dn = new(name);
        Assert.Equal(whole, CertificateNames.Encode(dn));
        Assert.Equal(common, CertificateNames.EncodeCommonName(dn));
    }

    [Theory]
    [InlineData("3003020100")] // not a sequence of sets
    [InlineData("300A310830060603550403")] // cut short
    [InlineData("04")]
    public void Malformed_name_is_a_word_that_matches_nothing(string hex)
    {
        X500DistinguishedName dn = new(Convert.FromHexString(hex));
        Assert.Equal("BadCertificateUnknown", CertificateNames.Encode(dn));
        Assert.Equal("BadCertificateUnknown", CertificateNames.EncodeCommonName(dn));
    }

    [Fact]
    public void Name_with_NUL_or_beyond_all_length_is_never_cut()
    {
        Assert.Equal("BadCertificateContainsNUL", CertificateNames.EncodeCommonName(CommonName("good.example\0.evil.example")));
        Assert.Equal("/CN=good.example\\x00.evil.example", CertificateNames.Encode(CommonName("good.example\0.evil.example")));
        Assert.Equal("+22", CertificateNames.EncodeCommonName(CommonName("\"")));
        Assert.Equal("BadCertificateTooLong", CertificateNames.EncodeCommonName(CommonName(new string('x', 300))));
        Assert.Equal("BadCertificateTooLong", CertificateNames.Encode(CommonName(new string('x', 2000))));
    }

    private static X500DistinguishedName CommonName(string value)
    {
        System.Formats.Asn1.AsnWriter writer = new(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.4.3");
            writer.WriteCharacterString(System.Formats.Asn1.UniversalTagNumber.UTF8String, value);
        }

        return new X500DistinguishedName(writer.Encode());
    }
}
