using Postrider.Mail;

namespace Postrider.Smtp.Client;

/// <summary>MAIL and RCPT as they go out, with sendmail's spelling and its order of parameters: SIZE, BODY, AUTH, ENVID, RET, BY (oracle 50, 84, 89).</summary>
internal static class SmtpCommandText
{
    /// <summary>Whether an address can stand between angle brackets without ending them: what came from mail must not become a parameter (design §4).</summary>
    public static bool IsSafePath(string address)
    {
        bool quoted = false;
        for (int i = 0; i < address.Length; i++)
        {
            char c = address[i];
            if (char.IsControl(c)) return false;
            if (c == '\\' && ++i < address.Length && !char.IsControl(address[i])) continue;
            if (c == '\\') return false;
            if (c == '"') quoted = !quoted;
            else if (!quoted && c is ' ' or '<' or '>') return false;
        }

        return !quoted;
    }

    public static void AppendMail(SmtpClientWriter writer, SmtpClientMessage message, SmtpExtensions peer)
    {
        MailParameters parameters = message.Parameters;
        writer.Append("MAIL From:<"u8);
        writer.Append(message.ReversePath.Address);
        writer.Append(">"u8);
        if (peer.Size && parameters.Size is { } size)
        {
            writer.Append(" SIZE="u8);
            writer.Append(size);
        }

        if (peer.EightBitMime && parameters.Body != BodyType.Undeclared) writer.Append(parameters.Body == BodyType.SevenBit ? " BODY=7BIT"u8 : " BODY=8BITMIME"u8);

        // sendmail 8.17, oracle 34: AUTH= goes to whoever offers AUTH, authenticated or not; a message of no trusted origin has <> (RFC 4954 §5).
        if (peer.Auth)
        {
            writer.Append(" AUTH="u8);
            writer.Append(string.IsNullOrEmpty(parameters.Auth) ? "<>" : XText.Encode(parameters.Auth));
        }

        if (peer.Dsn) AppendDsn(writer, parameters);
        if (peer.DeliverBy && parameters.DeliverBy is { } by)
        {
            writer.Append(" BY="u8);
            writer.Append((long)by.Within.TotalSeconds);
            writer.Append(by.ReturnWhenLate ? ";R"u8 : ";N"u8);
            if (by.Trace) writer.Append("T"u8);
        }

        writer.Append("\r\n"u8);
    }

    public static void AppendRcpt(SmtpClientWriter writer, SmtpClientRecipient recipient, SmtpExtensions peer)
    {
        writer.Append("RCPT To:<"u8);
        writer.Append(recipient.Address);
        writer.Append(">"u8);
        if (peer.Dsn)
        {
            if (recipient.Parameters.Notify != DsnNotify.Unspecified)
            {
                writer.Append(" NOTIFY="u8);
                writer.Append(Notify(recipient.Parameters.Notify));
            }

            if (recipient.Parameters.OriginalRecipient is { } original && IsAddressType(original.AddressType))
            {
                writer.Append(" ORCPT="u8);
                writer.Append(original.AddressType);
                writer.Append(";"u8);
                writer.Append(XText.Encode(original.Address));
            }
        }

        writer.Append("\r\n"u8);
    }

    private static void AppendDsn(SmtpClientWriter writer, MailParameters parameters)
    {
        if (parameters.EnvelopeId is { Length: > 0 } id)
        {
            writer.Append(" ENVID="u8);
            writer.Append(XText.Encode(id));
        }

        if (parameters.Return != DsnReturn.Unspecified) writer.Append(parameters.Return == DsnReturn.Full ? " RET=FULL"u8 : " RET=HDRS"u8);
    }

    private static string Notify(DsnNotify notify)
    {
        if (notify.HasFlag(DsnNotify.Never)) return "NEVER";
        return (notify & (DsnNotify.Success | DsnNotify.Failure | DsnNotify.Delay)) switch
        {
            DsnNotify.Success => "SUCCESS",
            DsnNotify.Failure => "FAILURE",
            DsnNotify.Delay => "DELAY",
            DsnNotify.Success | DsnNotify.Failure => "SUCCESS,FAILURE",
            DsnNotify.Success | DsnNotify.Delay => "SUCCESS,DELAY",
            DsnNotify.Failure | DsnNotify.Delay => "FAILURE,DELAY",
            _ => "SUCCESS,FAILURE,DELAY",
        };
    }

    // RFC 3461 §4.2: addr-type is an atom. What is none is not passed on.
    private static bool IsAddressType(string type) => type.Length > 0 && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
