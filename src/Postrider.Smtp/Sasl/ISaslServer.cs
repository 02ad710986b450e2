using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Sasl;

/// <summary>Which mechanisms a listener offers, and the exchanges themselves. Thread-safe.</summary>
public interface ISaslServer
{
    /// <summary>In the order of the EHLO line; only what a configured store can serve and what the security of the session allows. Empty: AUTH is not offered, and answered 503 5.3.3.</summary>
    IReadOnlyList<string> MechanismsFor(TlsFacts? tls);

    /// <summary>Null when the mechanism is not available under these conditions: 504 5.3.3.</summary>
    ISaslServerExchange? Begin(string mechanism, TlsFacts? tls);
}
