using System.Text;

namespace Postrider.Smtp.Sasl;

/// <summary>PLAIN (RFC 4616).</summary>
internal sealed class PlainClient(SaslCredentials credentials) : ISaslClientExchange
{
    private bool said;

    public string Mechanism => "PLAIN";

    public bool MayComplete => said;

    public byte[]? InitialResponse()
    {
        said = true;
        return Encoding.UTF8.GetBytes($"{credentials.AuthorizationId}\0{credentials.UserName}\0{credentials.Password}");
    }

    public byte[]? Respond(ReadOnlySpan<byte> challenge) => said ? null : InitialResponse();

    public void Dispose() { }
}
