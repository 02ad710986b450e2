using System.Collections.Frozen;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;

namespace Postrider.Mta.Configuration;

/// <summary>
/// cf options → properties, as one table. An option is bound to a property; or it asks for what happens anyway (silent); or ignoring it would break a promise to the
/// operator, so it is refused; every other option that sendmail knows has no effect so far, and says so.
/// </summary>
internal static class SiteOptions
{
    /// <summary>What happens anyway: what the library writes into every cf, and what has no counterpart in a daemon without children and temporary files.</summary>
    private static readonly string[] Anyway =
    [
        "AliasWait", "ForwardPath", "ConnectionCacheSize", "ConnectionCacheTimeout", "CheckpointInterval", "TempFileMode", "QueueFileMode",
                "SharedMemoryKey", "SharedMemoryKeyFile", "ForkEachJob", "DataFileBufferSize", "XscriptFileBufferSize", "RequiresDirfsync", "UnsafeGroupWrites",
                "HelpFile", "StatusFile", "ProcessTitlePrefix", "MaxRunnersPerQueue",
                "AuthMaxBits", // a limit of security layers inside SASL, of which none is offered
    ];

    /// <summary>What maps read for themselves (<see cref="Maps.MapServices.Option"/>).</summary>
    private static readonly string[] ForMaps = ["DontExpandCnames", "HostsFile", "LDAPDefaultSpec", "ResolverOptions", "ServiceSwitchFile", "UseCompressedIPv6Addresses"];

    /// <summary>Promises that must not be broken in silence: option, and what would happen without it.</summary>
    private static readonly (string Name, string Why)[] Promises =
    [
        ("InputMailFilters", "mail would pass unfiltered"), ("CRLFile", "revoked certificates would be taken"), ("CRLPath", "revoked certificates would be taken"),
        ("CipherList", "other ciphers would be used"), ("CipherSuites", "other ciphers would be used"),
        ("ServerSSLOptions", "other TLS versions would be used"), ("ClientSSLOptions", "other TLS versions would be used"),
        ("TLSSrvOptions", "clients would be asked for certificates"),
        ("ConnectOnlyTo", "mail would go out to the world"), ("FallbackMXhost", "mail would be routed otherwise"),
        ("FallbackSmartHost", "mail would be routed otherwise"), ("DefaultAuthInfo", "mail would be sent without authentication"), ("SoftBounce", "mail would be bounced for good"),
        ("StrictTransportSecurity", "policies of other domains would not be kept"), ("DANE", "policies of other domains would not be kept"),
        ("SmtpUTF8", "internationalised addresses are not taken"), ("UserDatabaseSpec", "mail would be delivered otherwise"), ("AddBcc", "copies would be missing"),
        ("PostmasterCopy", "copies would be missing"), ("SevenBitInput", "eight-bit mail is passed as it is"),
    ];

    /// <summary>Of those, what would be unsafe to do without: refused in every file.</summary>
    private static readonly string[] Unsafe =
        ["InputMailFilters", "CRLFile", "CRLPath", "CipherList", "CipherSuites", "ServerSSLOptions", "ClientSSLOptions", "ConnectOnlyTo", "StrictTransportSecurity", "DANE"];

    public static FrozenDictionary<string, SiteOption> ByName { get; } = Rows().ToFrozenDictionary(static row => row.Name, StringComparer.OrdinalIgnoreCase);

    public static void Apply(SiteDraft draft, CfOption option)
    {
        if (ByName.TryGetValue(option.Name, out SiteOption? row)) row.Apply(draft, option);
        else if (option.Definition is not null && !IsDefault(option)) draft.Warning(option, $"option {option.Name} has no effect so far");
    }

    private static IEnumerable<SiteOption> Rows()
    {
        // names and files
        yield return new("HeloName", static (d, o) => d.Site = d.Site with { HeloName = d.Expand(o.Value) });
        yield return new("SmtpGreetingMessage", static (d, o) => d.Site = d.Site with { Greeting = o.Value });
        yield return new("QueueDirectory", static (d, o) => d.Site = d.Site with { Queue = d.Site.Queue with { Directory = QueueDirectory(d, o) } });
        yield return new("PidFile", static (d, o) => d.Site = d.Site with { PidFile = d.FilePath(o, o.Value) });
        yield return new("ControlSocketName", static (d, o) => d.Site = d.Site with { ControlSocket = d.FilePath(o, o.Value) });
        yield return new("RunAsUser", static (d, o) => d.Site = d.Site with { RunAsUser = d.Expand(o.Value) is { Length: > 0 } user ? user : null });
        yield return new("TrustedUser", static (d, o) => d.Site = d.Site with { TrustedUser = d.Expand(o.Value) is { Length: > 0 } user ? user : null });
        yield return new("DefaultUser", static (d, o) => d.Site = d.Site with { DefaultUser = d.Expand(o.Value) is { Length: > 0 } user ? user : null });
        yield return new("SafeFileEnvironment", static (d, o) => d.Site = d.Site with { SafeFileEnvironment = d.FilePath(o, o.Value) });
        yield return new("UnixFromLine", static (d, o) => d.Site = d.Site with { FromLine = o.Value });
        yield return new("DoubleBounceAddress", static (d, o) => d.Site = d.Site with { DoubleBounceAddress = d.Expand(o.Value) });
        yield return new("LogLevel", static (d, o) => d.Site = d.Site with { LogLevel = d.Number(o, 0, 9) });

        // aliases
        yield return new("AliasFile", static (d, o) => d.Site = d.Site with { Aliases = d.Site.Aliases with { Maps = [.. d.Site.Aliases.Maps, .. d.Expand(o.Value).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)] } });
        yield return new("MaxAliasRecursion", static (d, o) => d.Site = d.Site with { Aliases = d.Site.Aliases with { MaxDepth = d.Number(o, 1, 10) } });
        yield return new("MeToo", static (d, o) => d.Site = d.Site with { Aliases = d.Site.Aliases with { MeToo = IsTrue(o) } });

        // limits
        yield return new("MaxMessageSize", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { MaxMessageSize = d.Number(o, 0, 0) } });
        yield return new("MaxRecipientsPerMessage", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { MaxRecipients = d.Number(o, 0, 0) } });
        yield return new("MaxHopCount", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { MaxHops = d.Number(o, 1, 25) } });
        yield return new("MaxHeadersLength", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { MaxHeaders = d.Number(o, 1000, 32768) } });
        yield return new("MaxDaemonChildren", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { MaxSessions = d.Number(o, 0, 0) } });
        yield return new("MaxNOOPCommands", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { MaxNoopCommands = d.Number(o, 0, 20) } });
        yield return new("BadRcptThrottle", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { BadRcptThrottle = d.Number(o, 0, 0) } });
        yield return new("BadRcptShutdown", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { BadRcptShutdown = d.Number(o, 0, 0) } });
        yield return new("RejectNUL", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { RejectNul = IsTrue(o) } });
        yield return new("AllowBogusHELO", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { AllowBogusHelo = IsTrue(o) } });
        yield return new("ConnectionRateWindowSize", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { ConnectionRateWindow = Positive(d.Time(o, default), d.Site.Limits.ConnectionRateWindow) } });
        yield return new("DeliverByMin", static (d, o) => d.Site = d.Site with { Limits = d.Site.Limits with { DeliverByMin = (int)Math.Clamp(d.Time(o, default).TotalSeconds, -1, int.MaxValue) } });

        // TLS and AUTH
        yield return new("CACertPath", static (d, o) => d.Site = d.Site with { Tls = d.Site.Tls with { CaCertPath = d.FilePath(o, o.Value) } });
        yield return new("CACertFile", static (d, o) => d.Site = d.Site with { Tls = d.Site.Tls with { CaCertFile = d.FilePath(o, o.Value) } });
        yield return new("ServerCertFile", static (d, o) => d.Site = d.Site with { Tls = d.Site.Tls with { ServerCertFile = d.FilePath(o, o.Value) } });
        yield return new("ServerKeyFile", static (d, o) => d.Site = d.Site with { Tls = d.Site.Tls with { ServerKeyFile = d.FilePath(o, o.Value) } });
        yield return new("ClientCertFile", static (d, o) => d.Site = d.Site with { Tls = d.Site.Tls with { ClientCertFile = d.FilePath(o, o.Value) } });
        yield return new("ClientKeyFile", static (d, o) => d.Site = d.Site with { Tls = d.Site.Tls with { ClientKeyFile = d.FilePath(o, o.Value) } });
        yield return new("AuthMechanisms", static (d, o) => d.Site = d.Site with { Auth = d.Site.Auth with { Mechanisms = [.. CfValue.List(d.Expand(o.Value))] } });
        yield return new("AuthOptions", AuthOptions);
        yield return new("AuthRealm", static (d, o) => d.Site = d.Site with { Auth = d.Site.Auth with { Realm = d.Expand(o.Value) is { Length: > 0 } realm ? realm : null } });

        // times
        yield return Timeout("initial", static (t, time) => t with { Initial = time });
        yield return Timeout("connect", static (t, time) => t with { Connect = time });
        yield return Timeout("helo", static (t, time) => t with { Helo = time });
        yield return Timeout("mail", static (t, time) => t with { Mail = time });
        yield return Timeout("rcpt", static (t, time) => t with { Rcpt = time });
        yield return Timeout("datainit", static (t, time) => t with { DataInit = time });
        yield return Timeout("datablock", static (t, time) => t with { DataBlock = time });
        yield return Timeout("datafinal", static (t, time) => t with { DataFinal = time });
        yield return Timeout("rset", static (t, time) => t with { Rset = time });
        yield return Timeout("quit", static (t, time) => t with { Quit = time });
        yield return Timeout("command", static (t, time) => t with { Command = time });
        yield return Timeout("auth", static (t, time) => t with { Auth = time });
        yield return Timeout("starttls", static (t, time) => t with { StartTls = time });
        yield return Timeout("queuewarn", static (t, time) => t with { QueueWarn = time }, zeroIsMeant: true);
        yield return Timeout("queuereturn", static (t, time) => t with { QueueReturn = time });
        yield return new("MinQueueAge", static (d, o) => d.Site = d.Site with { Queue = d.Site.Queue with { MinRetry = Positive(d.Time(o, default), d.Site.Queue.MinRetry) } });
        yield return new("MaxQueueAge", static (d, o) => d.Site = d.Site with { Queue = d.Site.Queue with { MaxRetry = Positive(d.Time(o, default), d.Site.Queue.MaxRetry) } });
        yield return new("MaxQueueChildren", static (d, o) => d.Site = d.Site with { Queue = d.Site.Queue with { MaxRunners = d.Number(o, 0, 0) is > 0 and int n ? n : d.Site.Queue.MaxRunners } });

        // lists and listeners
        yield return new("PrivacyOptions", Privacy);
        yield return new("DaemonPortOptions", static (d, o) => ListenerOptions.Add(d, o));

        foreach (string name in (string[])[.. Anyway, .. ForMaps]) yield return new(name, static (_, _) => { });
        yield return new("BlankSub", static (d, o) =>
        {
            if (!d.IsClassic && o.Value is not ("." or "")) d.Warning(o, $"option BlankSub={o.Value} is not served yet: a blank in an address becomes a dot");
        });
        yield return Only("OldStyleHeaders", static value => IsTrue(value), Severity.Warning, "blanks separate addresses in old headers");
        yield return Only("SuperSafe", static value => value.Length == 0 || value[0] is 't' or 'T' or 'y' or 'Y' or 'i' or 'I', Severity.Warning, "no mail is answered 250 before it is on stable storage");
        yield return Only("DeliveryMode", static value => value.StartsWith('b') || value.StartsWith('i'), Severity.Error, "mail is delivered at once in the background");
        yield return Only("EightBitMode", static value => value.StartsWith('p'), Severity.Error, "eight-bit mail is passed as it is");
        yield return Only("NoRecipientAction", static value => value.StartsWith("none", StringComparison.OrdinalIgnoreCase), Severity.Warning, "nothing is added to a message without recipient fields");
        // A load that no machine reaches switches the reaction off.
        yield return Only("QueueLA", IsOutOfReach, Severity.Warning, "mail is delivered at once whatever the load is");
        yield return Only("RefuseLA", IsOutOfReach, Severity.Warning, "sessions are taken whatever the load is");
        yield return Only("Timeout.ident", static value => value.StartsWith('0'), Severity.Warning, "IDENT is never asked");
        yield return Only("DontBlameSendmail", static value => value.Equals("safe", StringComparison.OrdinalIgnoreCase), Severity.Error, "file checks cannot be loosened yet");

        foreach ((string name, string why) in Promises)
        {
            yield return new(name, (d, o) =>
            {
                if (IsDefault(o)) return;
                string message = $"option {o.Name} is not served yet, and without it {why}";
                if (Unsafe.Contains(name, StringComparer.Ordinal)) d.Error(o, message, "take the line out if that is right");
                else d.Unserved(o, message, "take the line out if that is right");
            });
        }
    }

    private static SiteOption Timeout(string name, Func<TimeoutConfiguration, TimeSpan, TimeoutConfiguration> set, bool zeroIsMeant = false) => new("Timeout." + name, (d, o) =>
    {
        TimeSpan time = d.Time(o, TimeSpan.Zero);
        // sendmail: 0 means no limit of its own for most of these. A session that waits for ever is not offered: the default stays.
        if (time > TimeSpan.Zero || zeroIsMeant) d.Site = d.Site with { Timeouts = set(d.Site.Timeouts, time) };
        else if (name != "connect") d.Warning(o, $"option {o.Name}: {o.Value} is no time to wait; the default stays");
    });

    /// <summary>One value is what happens anyway; any other asks for what is not served.</summary>
    private static SiteOption Only(string name, Func<string, bool> isServed, Severity otherwise, string what) => new(name, (d, o) =>
    {
        if (!isServed(o.Value)) d.Report(d.IsClassic ? Severity.Warning : otherwise, o, $"option {o.Name}={o.Value} is not served yet: {what}", null);
    });

    private static string QueueDirectory(SiteDraft draft, CfOption option)
    {
        if (!option.Value.Contains('*', StringComparison.Ordinal)) return draft.FilePath(option, option.Value) ?? draft.Site.Queue.Directory;
        if (draft.IsClassic)
        {
            string whole = option.Value[..option.Value.LastIndexOf('/')];
            draft.Warning(option, $"option QueueDirectory: several directories are not needed, one journal serves all sessions: in {whole}");
            return draft.FilePath(option, whole) ?? draft.Site.Queue.Directory;
        }

        draft.Error(option, "option QueueDirectory: several directories are not needed, one journal serves all sessions", "name one directory");
        return draft.Site.Queue.Directory;
    }

    private static void AuthOptions(SiteDraft draft, CfOption option)
    {
        string letters = string.Concat(draft.Expand(option.Value).Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries));
        foreach (char letter in letters)
        {
            // A and y ask for what happens anyway: AUTH= only of who authenticated, nobody anonymous.
            if (!"Aacdfmpy".Contains(letter, StringComparison.Ordinal)) draft.Warning(option, $"option AuthOptions: {letter} is no letter that means anything");
        }

        draft.Site = draft.Site with { Auth = draft.Site.Auth with { Options = letters } };
    }

    private static void Privacy(SiteDraft draft, CfOption option)
    {
        PrivacyFlags flags = draft.Site.Privacy;
        foreach (string word in CfValue.List(option.Value))
        {
            // Unknown words are refused by the reader already, with what was meant.
            if (Enum.TryParse(word, ignoreCase: true, out PrivacyFlags flag)) flags |= flag;
        }

        draft.Site = draft.Site with { Privacy = flags };
    }

    private static bool IsOutOfReach(string load) => int.TryParse(load, out int value) && value >= 1000;

    private static TimeSpan Positive(TimeSpan time, TimeSpan otherwise) => time > TimeSpan.Zero ? time : otherwise;

    private static bool IsTrue(CfOption option) => IsTrue(option.Value);

    private static bool IsTrue(string value) => CfValue.TryBoolean(value, out bool isTrue) && isTrue;

    private static bool IsDefault(CfOption option) => option.Definition is { } definition && (string.Equals(option.Value, definition.Default ?? "", StringComparison.OrdinalIgnoreCase)
        || (definition.Type == CfOptionType.Boolean && IsTrue(option.Value) == IsTrue(definition.Default ?? "False")));
}
