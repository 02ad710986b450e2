using Postrider.Mail;
using Postrider.Smtp.Grammar;

namespace Postrider.Smtp.Server;

/// <summary>The law of the dialogue: what may be said in which state, what is answered otherwise, and what a command undoes.</summary>
/// <remarks>
/// RFC 5321 §4.1.4 gives the order; where sendmail 8.17 is laxer (MAIL, AUTH and STARTTLS without a HELO before, oracle 01, 20, 31) it is followed.
/// One table, made from the privacy options once per listener.
/// </remarks>
internal sealed class SmtpLaw
{
    private const SmtpReply? Legal = null;

    private readonly SmtpReply?[,] verdicts = new SmtpReply?[Enum.GetValues<SmtpVerb>().Length, 4];

    public SmtpLaw(SmtpPrivacy privacy)
    {
        SmtpReply? mailFirst = privacy.HasFlag(SmtpPrivacy.NeedMailHelo) ? SmtpReplies.PoliteFirst : Legal;
        SmtpReply? vrfyFirst = privacy.HasFlag(SmtpPrivacy.NeedVrfyHelo) ? SmtpReplies.IntroduceFirst : Legal;
        SmtpReply? expnFirst = privacy.HasFlag(SmtpPrivacy.NeedExpnHelo) ? SmtpReplies.IntroduceFirst : Legal;

        // Row(verb, Fresh, Greeted, Open, Addressed)
        Row(SmtpVerb.Mail, mailFirst, Legal, SmtpReplies.MailTwice, SmtpReplies.MailTwice);
        Row(SmtpVerb.Rcpt, SmtpReplies.MailFirst, SmtpReplies.MailFirst, Legal, Legal);
        Row(SmtpVerb.Data, SmtpReplies.DataNeedsMail, SmtpReplies.DataNeedsMail, SmtpReplies.DataNeedsRcpt, Legal);
        Row(SmtpVerb.StartTls, Legal, Legal, SmtpReplies.TlsInMail, SmtpReplies.TlsInMail);
        Row(SmtpVerb.Auth, Legal, Legal, SmtpReplies.AuthInMail, SmtpReplies.AuthInMail);
        Row(SmtpVerb.Vrfy, vrfyFirst, Legal, Legal, Legal);
        Row(SmtpVerb.Expn, expnFirst, Legal, Legal, Legal);
    }

    /// <summary>Null when the command is legal now. Verbs without a row are legal always.</summary>
    public SmtpReply? Check(SmtpVerb verb, SmtpState state) => verdicts[(int)verb, (int)state];

    /// <summary>Commands that throw the mail transaction away when they are accepted. A final reply to DATA does so too.</summary>
    /// <remarks>RFC 5321 §4.1.4: EHLO resets as RSET does.</remarks>
    public static bool Resets(SmtpVerb verb) => verb is SmtpVerb.Rset or SmtpVerb.Helo or SmtpVerb.Ehlo or SmtpVerb.Quit;

    /// <summary>Commands that a session answers as usual after check_relay refused its peer (reference §5.3); every other gets the refusal.</summary>
    public static bool IsAnsweredWhenRefused(SmtpVerb verb) =>
        verb is SmtpVerb.Helo or SmtpVerb.Ehlo or SmtpVerb.Noop or SmtpVerb.Rset or SmtpVerb.Quit or SmtpVerb.Unknown;

    private void Row(SmtpVerb verb, SmtpReply? fresh, SmtpReply? greeted, SmtpReply? open, SmtpReply? addressed)
    {
        verdicts[(int)verb, (int)SmtpState.Fresh] = fresh;
        verdicts[(int)verb, (int)SmtpState.Greeted] = greeted;
        verdicts[(int)verb, (int)SmtpState.Open] = open;
        verdicts[(int)verb, (int)SmtpState.Addressed] = addressed;
    }
}
