using Postrider.Mail;
using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Client;

/// <summary>What the house wants of one connection: asked once each, in the order of the opening, then for each recipient. Belongs to one session.</summary>
/// <remarks>A refusal stands for the peer's: 4yz defers, 5yz fails. Implementations must not throw; what cannot be known now is a refusal with 4yz.</remarks>
public interface ISmtpClientPolicy
{
    /// <summary>Before STARTTLS, where it is offered. False: stay in clear. Null: it cannot be known, and the connection is not used.</summary>
    ValueTask<bool?> TriesTlsAsync(CancellationToken cancellationToken);

    /// <summary>When TLS is up, or is not going to be.</summary>
    /// <param name="tls">Null: in clear.</param>
    /// <param name="startTlsRefusal">What the peer answered to STARTTLS; null: it was not asked, or said yes.</param>
    /// <returns>Null: this server is good enough. Otherwise the connection is not used.</returns>
    ValueTask<SmtpReply?> ServerAsync(TlsFacts? tls, SmtpReply? startTlsRefusal, CancellationToken cancellationToken);

    /// <summary>Where AUTH is offered: with what to authenticate here. Null: what the settings say.</summary>
    ValueTask<SmtpClientAuthentication?> AuthenticationAsync(CancellationToken cancellationToken);

    /// <summary>Before RCPT. Null: this recipient may go over this connection.</summary>
    ValueTask<SmtpReply?> RecipientAsync(string address, CancellationToken cancellationToken);
}
