using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>LOGIN: name to the first prompt, password to the second, whatever words they have.</summary>
internal sealed class LoginClient(SaslCredentials credentials) : ISaslClientExchange
{
    private int answered;

    public string Mechanism => "LOGIN";

    public bool MayComplete => answered == 2;

    public byte[]? InitialResponse() => null;

    public byte[]? Respond(ReadOnlySpan<byte> challenge) => ++answered switch
    {
        1 => Encoding.UTF8.GetBytes(credentials.UserName),
        2 => Encoding.UTF8.GetBytes(credentials.Password),
        _ => null,
    };

    public void Dispose() { }
}
