namespace Postrider.Smtp.Server;

/// <summary>sendmail's PrivacyOptions that change what a session says (reference §6.5, oracle 03). GoAway is a combination the configuration makes.</summary>
[Flags]
public enum SmtpPrivacy
{
    None = 0,
    NeedMailHelo = 1,
    NeedExpnHelo = 2,
    NeedVrfyHelo = 4,

    /// <summary>Takes VERB away too (oracle 03).</summary>
    NoExpn = 8,
    NoVrfy = 16,
    NoVerb = 32,
    NoEtrn = 64,

    /// <summary>No DSN.</summary>
    NoReceipts = 128,

    /// <summary>Part of goaway: the peer's own command text is not repeated to it.</summary>
    NoReflection = 256,
}
