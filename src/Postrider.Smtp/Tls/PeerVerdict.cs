using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Postrider.Smtp.Tls;

/// <summary>Judges the certificate that the peer presented in one handshake, and always lets the handshake go on: what the verdict means is policy (<c>tls_client</c>, <c>tls_server</c>), not TLS.</summary>
internal sealed class PeerVerdict
{
    private TlsVerify verify = TlsVerify.No;
    private string? message;
    private string? subject;
    private string? issuer;
    private string? cnSubject;
    private string? cnIssuer;

    /// <summary>tls-server-end-point of the peer, when the peer is the server.</summary>
    public ReadOnlyMemory<byte> PeerBinding { get; private set; }

    /// <summary>A <see cref="RemoteCertificateValidationCallback"/>.</summary>
    /// <remarks>An exception here would fail the handshake, and a peer chooses the certificate: so any is a verdict. A name mismatch is no failure, as in sendmail: names are compared by policy (<c>CN:</c> in access).</remarks>
    public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null) return true;
        try
        {
            X509Certificate2 peer = certificate as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
            subject = CertificateNames.Encode(peer.SubjectName);
            issuer = CertificateNames.Encode(peer.IssuerName);
            cnSubject = CertificateNames.EncodeCommonName(peer.SubjectName);
            cnIssuer = CertificateNames.EncodeCommonName(peer.IssuerName);
            PeerBinding = EndpointBinding.Of(peer);
            bool sound = chain is not null && (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
            verify = sound ? TlsVerify.Ok : TlsVerify.Fail;
            message = sound ? null : Explain(chain, errors);
        }
        catch (Exception e)
        {
            verify = TlsVerify.Fail;
            message = "certificate cannot be read: " + e.Message;
        }

        return true;
    }

    public TlsFacts Facts(SslStream stream, string? serverName, ReadOnlyMemory<byte> binding)
    {
        CipherSuiteFacts suite = CipherSuiteFacts.Of(stream.NegotiatedCipherSuite);
        return new TlsFacts
        {
            Verify = verify,
            VerifyMessage = message,
            Version = stream.SslProtocol switch
            {
                System.Security.Authentication.SslProtocols.Tls13 => "TLSv1.3",
                System.Security.Authentication.SslProtocols.Tls12 => "TLSv1.2",
                var other => other.ToString(),
            },
            Cipher = suite.Name,
            CipherBits = suite.Bits,
            AlgorithmBits = suite.AlgorithmBits,
            CertSubject = subject,
            CertIssuer = issuer,
            CnSubject = cnSubject,
            CnIssuer = cnIssuer,
            ServerName = string.IsNullOrEmpty(serverName) ? null : serverName,
            EndpointBinding = binding,
        };
    }

    /// <summary>OpenSSL's own sentence, which is what sendmail logs as verifymsg.</summary>
    private static string Explain(X509Chain? chain, SslPolicyErrors errors)
    {
        foreach (X509ChainStatus status in chain?.ChainStatus ?? [])
        {
            if (status.Status == X509ChainStatusFlags.NoError) continue;
            return string.IsNullOrWhiteSpace(status.StatusInformation) ? status.Status.ToString() : status.StatusInformation.Trim();
        }

        return errors.ToString();
    }
}
