using System.Text;
using Postrider.Smtp.Sasl;

namespace Postrider.Tests.Smtp.Sasl;

/// <summary>One user, whose entry is that of RFC 7677 §3.</summary>
public sealed class TestCredentials : IScramCredentials
{
    private readonly ScramDecoy decoy = new(new byte[32]);

    public ScramCredential User { get; init; } = new("user", ScramKeys.Derive("pencil"u8, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096));

    public bool IsDown { get; set; }

    public ValueTask<ScramCredential> FindAsync(string userName, CancellationToken cancellationToken)
    {
        if (IsDown) throw new CredentialsUnavailableException("users: cannot be read");
        return ValueTask.FromResult(string.Equals(userName, User.UserName, StringComparison.OrdinalIgnoreCase) ? User : decoy.For(userName, 4096));
    }

    public SaslServer Server(SaslServerSettings? settings = null) => new(settings ?? new SaslServerSettings(), SaslStores.Of(this));

    public static Postrider.Smtp.Tls.TlsFacts Tls { get; } = new()
    {
        Verify = Postrider.Smtp.Tls.TlsVerify.No,
        Version = "TLSv1.3",
        Cipher = "TLS_AES_256_GCM_SHA384",
        CipherBits = 256,
        AlgorithmBits = 256,
        EndpointBinding = Encoding.ASCII.GetBytes("the hash of a certificate       "),
    };

    public static ReadOnlyMemory<byte> Octets(string text) => Encoding.UTF8.GetBytes(text);
}
