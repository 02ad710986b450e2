using System.Collections.Frozen;

namespace Postrider.Sendmail.Mc.Library;

/// <summary>What <c>MAILER(`name')</c> brings. The equates are what sendmail 8.17's configurations have; the rulesets named are there natively.</summary>
internal static class McMailers
{
    private const string Smtp = "S=EnvFromSMTP/HdrFromSMTP, R=EnvToSMTP, E=\\r\\n, L=990";
    private const string Relay = "S=EnvFromSMTP/HdrFromSMTP, R=MasqSMTP, E=\\r\\n, L=2040";
    private const string Local = "S=EnvFromL/HdrFromL, R=EnvToL/HdrToL";

    internal static FrozenDictionary<string, McMailer[]> ByName { get; } = new Dictionary<string, McMailer[]>(StringComparer.Ordinal)
    {
        ["local"] =
        [
            new("local", "LOCAL", "/bin/mail", "lsDFMAw5:/|@q", "Prmn9", Local, "DNS/RFC822/X-Unix", "mail -d $u"),
            new("prog", "LOCAL_SHELL", "/bin/sh", "lsDFMoq", "eu9", Local + ", D=$z:/", "X-Unix/X-Unix/X-Unix", "sh -c $u"),
        ],
        ["smtp"] =
        [
            new("smtp", "SMTP", "[IPC]", "mDFMuX", "", Smtp, "DNS/RFC822/SMTP", "TCP $h"),
            new("esmtp", "ESMTP", "[IPC]", "mDFMuXa", "", Smtp, "DNS/RFC822/SMTP", "TCP $h"),
            new("smtp8", "SMTP8", "[IPC]", "mDFMuX8", "", Smtp, "DNS/RFC822/SMTP", "TCP $h"),
            new("dsmtp", "DSMTP", "[IPC]", "mDFMuXa%", "", Smtp, "DNS/RFC822/SMTP", "TCP $h"),
            new("relay", "RELAY", "[IPC]", "mDFMuXa8", "", Relay, "DNS/RFC822/SMTP", "TCP $h"),
        ],
        ["procmail"] = [new("procmail", "PROCMAIL", "/usr/bin/procmail", "DFM", "SPhnu9", "S=EnvFromSMTP/HdrFromSMTP, R=EnvToSMTP/HdrFromSMTP", "DNS/RFC822/X-Unix", "procmail -Y -m $h $f $u")],
        ["cyrusv2"] = [new("cyrusv2", "CYRUSV2", "[IPC]", "lsDFMnqXz", "A@/:|m", "S=EnvFromSMTP/HdrFromL, R=EnvToL/HdrToL, E=\\r\\n", "DNS/RFC822/SMTP", "FILE /var/run/cyrus/socket/lmtp")],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Mailers that the classic library also has; a site that needs one uses that library.</summary>
    internal static IReadOnlyList<string> ClassicOnly { get; } = ["cyrus", "fax", "mail11", "phquery", "pop", "qpage", "ssh", "usenet", "uucp", "xagent"];
}
