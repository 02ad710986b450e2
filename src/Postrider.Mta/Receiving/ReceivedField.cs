using System.Text;
using Postrider.Mail;
using Postrider.Mail.Headers;
using Postrider.Smtp.Server;

namespace Postrider.Mta.Receiving;

/// <summary>Our trace field (RFC 5321 §4.4), in sendmail's layout, which tools parse (reference §2.7, oracle 01, 20, 61).</summary>
public static class ReceivedField
{
    /// <param name="onlyRecipient">Named in the for-clause. Null when there are several: nobody is told of the others (RFC 5321 §7.6).</param>
    public static HeaderField Of(SmtpSessionFacts session, ReceivingSettings settings, string queueId, string? onlyRecipient, DateTimeOffset now)
    {
        StringBuilder value = new(256);
        if (session.Remote is null && session.HeloName is null) value.Append("(from ").Append(session.Relay).Append(')');
        else value.Append("from ").Append(session.HeloName ?? session.ClientName).Append(" (").Append(session.Relay).Append(')');
        if (session.Auth is not null) value.Append("\r\n\t(authenticated bits=0)");
        value.Append("\r\n\tby ").Append(settings.HostName).Append(" (").Append(settings.Version).Append('/').Append(settings.ConfigurationVersion).Append(')');
        if (session.Remote is not null || session.HeloName is not null) value.Append(" with ").Append(session.Protocol);
        value.Append(" id ").Append(queueId);
        if (session.Tls is { } tls)
        {
            value.Append("\r\n\t(version=").Append(tls.Version).Append(" cipher=").Append(tls.Cipher).Append(" bits=").Append(tls.CipherBits)
                .Append(" verify=").Append(tls.Verify.ToString().ToUpperInvariant()).Append(')');
        }

        if (onlyRecipient is null) value.Append(";\r\n\t");
        else value.Append("\r\n\tfor <").Append(onlyRecipient).Append(">; ");
        return HeaderField.Of("Received", value.Append(ArpaDate.Format(now)).ToString());
    }
}
