namespace Postrider.Smtp.Sasl;

/// <summary>What every mechanism must have to be offered: letters of AuthOptions. What meets what is as Cyrus SASL tells it to sendmail (sendmail 8.17, oracle 32).</summary>
[Flags]
public enum SaslDemands
{
    None = 0,

    /// <summary><c>a</c>: safe from who changes what is sent. SCRAM.</summary>
    NoActive = 1,

    /// <summary><c>d</c>: who listens cannot guess passwords from it. None of ours.</summary>
    NoDictionary = 2,

    /// <summary><c>f</c>: an old exchange stays secret when the password is found out. None of ours.</summary>
    ForwardSecrecy = 4,

    /// <summary><c>m</c>: the server proves itself too. DIGEST-MD5 and SCRAM.</summary>
    Mutual = 8,

    /// <summary><c>c</c>: the client hands its credentials over. PLAIN and LOGIN.</summary>
    PassCredentials = 16,
}
