namespace Postrider.Smtp.Grammar;

/// <summary>What a command line begins with.</summary>
public enum SmtpVerb
{
    /// <summary>Nothing that is known here: 500 5.5.1.</summary>
    Unknown,

    /// <summary>Known to sendmail as a word and not done by it: SEND, SAML, SOML, TURN (oracle 01): 502 5.5.1.</summary>
    NotImplemented,
    Helo,
    Ehlo,
    Mail,
    Rcpt,
    Data,
    Rset,
    Noop,
    Quit,
    Help,
    Vrfy,
    Expn,
    Verb,
    Etrn,
    StartTls,
    Auth,
}
