using Postrider.Mail;

namespace Postrider.Smtp.Server;

/// <summary>HELP, in our own words.</summary>
internal static class SmtpHelp
{
    private static readonly EnhancedStatusCode Ok = new(2, 0, 0);

    private static readonly Dictionary<string, string[]> Topics = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HELO"] = ["HELO name", "\tSays who is calling. Ends a mail transaction that is open."],
        ["EHLO"] = ["EHLO name", "\tLike HELO; the answer lists the service extensions on offer."],
        ["MAIL"] = ["MAIL FROM:<reverse-path> [parameters]", "\tOpens a mail transaction. <> as path means: send no notification.", "\tParameters: SIZE BODY RET ENVID AUTH BY"],
        ["RCPT"] = ["RCPT TO:<forward-path> [parameters]", "\tAdds a recipient to the open transaction.", "\tParameters: NOTIFY ORCPT"],
        ["DATA"] = ["DATA", "\tThe content follows; a line with a single dot ends it."],
        ["RSET"] = ["RSET", "\tThrows the open transaction away."],
        ["NOOP"] = ["NOOP", "\tDoes nothing, and says so."],
        ["QUIT"] = ["QUIT", "\tEnds the session."],
        ["HELP"] = ["HELP [topic]", "\tThis text, or the text on one command."],
        ["VRFY"] = ["VRFY address", "\tTells whether the address is known here."],
        ["EXPN"] = ["EXPN list", "\tTells who is behind an alias."],
        ["VERB"] = ["VERB", "\tAsks for talkative delivery; accepted, without effect."],
        ["ETRN"] = ["ETRN host | @domain | #queuegroup", "\tStarts delivery of what waits for that destination."],
        ["DSN"] = ["MAIL ... RET=FULL|HDRS ENVID=xtext", "RCPT ... NOTIFY=NEVER|SUCCESS,FAILURE,DELAY ORCPT=type;xtext", "\tDelivery status notifications (RFC 3461)."],
        ["AUTH"] = ["AUTH mechanism [initial-response]", "\tAuthenticates (RFC 4954)."],
        ["STARTTLS"] = ["STARTTLS", "\tGoes on under TLS (RFC 3207)."],
    };

    /// <summary>Null: no such topic.</summary>
    public static SmtpReply? On(string topic, string product)
    {
        if (topic.Length == 0)
        {
            return new SmtpReply(214, Ok,
                $"{product}, a mail transfer agent", "Commands and topics:", "\tHELO\tEHLO\tMAIL\tRCPT\tDATA", "\tRSET\tNOOP\tQUIT\tHELP\tVRFY",
                "\tEXPN\tVERB\tETRN\tDSN\tAUTH", "\tSTARTTLS", "HELP and a topic tells more; the postmaster of this site answers the rest.", "End of HELP info");
        }

        int blank = topic.IndexOfAny([' ', '\t']);
        return Topics.TryGetValue(blank < 0 ? topic : topic[..blank], out string[]? lines) ? new SmtpReply(214, Ok, [.. lines, "End of HELP info"]) : null;
    }
}
