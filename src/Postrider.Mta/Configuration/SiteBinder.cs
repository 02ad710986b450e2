using System.Buffers;
using System.Collections.Immutable;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Configuration;

/// <summary>
/// CfDocument → <see cref="SiteConfiguration"/>: what the file says becomes what the site means. Everything that is wrong is said at once; a line that the house cannot
/// honour yet is refused by name, never skipped.
/// </summary>
public static class SiteBinder
{
    private static readonly SearchValues<char> NotInHosts = SearchValues.Create(" \t\r\n()<>@");
    private static readonly string[] SmtpMailers = ["smtp", "esmtp", "smtp8", "dsmtp", "relay"];
    private static readonly string[] ServedFeatures = ["accept_unresolvable_domains", "accept_unqualified_senders", "redirect", "virtual_mailboxes", "user_store", "sasldb", "passwords_in_clear", "name_servers", "nocanonify"];

    /// <summary>Macros that route or rewrite, by the name the .mc knows them by.</summary>
    private static readonly (string Macro, string Said)[] UnservedMacros =
    [
        ("M", "MASQUERADE_AS"), ("R", "LOCAL_RELAY"), ("H", "MAIL_HUB"), ("L", "LUSER_RELAY"), ("Y", "UUCP_RELAY"), ("B", "BITNET_RELAY"), ("C", "DECNET_RELAY"), ("F", "FAX_RELAY"),
        ("confREJECT_MSG", "confREJECT_MSG"), ("confRELAY_MSG", "confRELAY_MSG"), ("confRCPTREJ_MSG", "confRCPTREJ_MSG"), ("confLOCAL_MAILER", "confLOCAL_MAILER"),
        ("confSMTP_MAILER", "confSMTP_MAILER"), ("confRELAY_MAILER", "confRELAY_MAILER"), ("confUUCP_MAILER", "confUUCP_MAILER"), ("TLS_PERM_ERR", "TLS_PERM_ERR"),
    ];

    public static SiteBinding Bind(CfDocument document, BindingHost host)
    {
        SiteDraft draft = new(document, host);
        draft.Add(document.Diagnostics);
        draft.Site = draft.Site with { Rules = RulesBinder.Bind(draft, file => ClassFile(draft, file)) };
        BindNames(draft);
        foreach (CfOption option in document.Options) SiteOptions.Apply(draft, option);
        SaslBinder.Bind(draft);
        foreach (CfFeature feature in document.Features) BindFeature(draft, feature);
        MailerBinder.Bind(draft);
        if (!draft.IsClassic) BindMailers(draft);
        RefuseTheRest(draft);
        if (draft.Site.Listeners.IsEmpty) draft.Site = draft.Site with { Listeners = [new ListenerConfiguration { Name = "Daemon0" }] };
        Judge(draft);
        return new SiteBinding(draft.HasErrors ? null : draft.Site, [.. draft.Diagnostics.OrderBy(static found => found.Line)]);
    }

    private static void BindNames(SiteDraft draft)
    {
        CfDocument document = draft.Document;
        string hostName = draft.Expand(draft.Macro("j") ?? "").Trim();
        if (hostName.Length == 0 || hostName.AsSpan().ContainsAny(NotInHosts))
            draft.Error(document.Macro("j"), $"`{hostName}' is no host name", "define(`confDOMAIN_NAME', `mx.example.com')");
        else if (!hostName.Contains('.', StringComparison.Ordinal))
            draft.Warning(document.Macro("j"), $"the host's name `{hostName}' has no domain", "define(`confDOMAIN_NAME', `mx.example.com')");
        draft.Site = draft.Site with
        {
            HostName = hostName,
            MailerName = draft.Expand(draft.Macro("n") ?? "MAILER-DAEMON"),
            ConfigurationVersion = document.Macro("Z") is { } version ? draft.Expand(version.Value) : null,
            SmartHost = draft.IsClassic ? null : SmartHost(draft),
            LocalDomains = Class(draft, "w").Append(hostName).Append("localhost").ToImmutableHashSet(StringComparer.OrdinalIgnoreCase),
            RelayDomains = Class(draft, "R").ToImmutableHashSet(StringComparer.OrdinalIgnoreCase),
            TrustedUsers = Class(draft, "t").Append("root").ToImmutableHashSet(StringComparer.Ordinal),
        };
        draft.Site = draft.Site with
        {
            Auth = draft.Site.Auth with { TrustedMechanisms = Class(draft, "TrustAuthMech").ToImmutableHashSet(StringComparer.OrdinalIgnoreCase) },
        };
        if (draft.IsClassic) return; // its rules read every macro and class themselves
        foreach (CfMacro macro in document.Macros)
        {
            if (macro.Value.Trim().Length == 0 || macro.Name is "j" or "n" or "Z" or "S") continue;
            if (Array.Find(UnservedMacros, row => row.Macro == macro.Name) is { Said: { } said }) draft.Error(macro, $"{said} is not served yet");
            else if (!macro.Raw.Contains("$&", StringComparison.Ordinal) && macro.Name.Length > 1)
                draft.Warning(macro, $"macro {macro.Name} has no effect so far");
        }

        foreach (CfClass words in document.Classes)
        {
            if (words.Name is not ("w" or "R" or "t" or "TrustAuthMech")) draft.Warning(words, $"class {words.Name} has no effect so far");
        }
    }

    /// <summary>The words of C and T lines, expanded where they stand, and those of F lines' files.</summary>
    private static IEnumerable<string> Class(SiteDraft draft, string name) => ((IClassSource)draft.Site.Rules!.Classes).Words(name);

    /// <summary>The words of an F line; what is wrong with it goes to the draft.</summary>
    internal static IEnumerable<string> ClassFile(SiteDraft draft, CfClassFile file)
    {
        ClassFileReading reading = draft.Host.ReadClassFile(file, draft.ClassFiles);
        foreach (ClassFileProblem problem in reading.Problems) draft.Add(problem.At(draft.Document.FileName, file));
        return reading.Words;
    }

    private static string? SmartHost(SiteDraft draft)
    {
        if (draft.Document.Macro("S") is not { } macro || draft.Expand(macro.Value).Trim() is not { Length: > 0 } value) return null;
        int colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && value[..colon].All(static c => char.IsAsciiLetterOrDigit(c)) && !value.StartsWith('['))
        {
            string mailer = value[..colon];
            if (!SmtpMailers.Contains(mailer, StringComparer.OrdinalIgnoreCase))
                draft.Error(macro, $"SMART_HOST: mailer {mailer} is not served", NameSuggestion.Remedy(mailer, SmtpMailers) ?? "write relay:[host] or esmtp:host");
            value = value[(colon + 1)..];
        }

        if (!value.AsSpan().ContainsAny(NotInHosts) && value.Length > 0) return value;
        draft.Error(macro, $"SMART_HOST: `{value}' is no host", "write relay:[host] or esmtp:host");
        return null;
    }

    private static void BindFeature(SiteDraft draft, CfFeature feature)
    {
        draft.Site = draft.Site with { Features = draft.Site.Features.SetItem(feature.Name, CfFeature.Format(feature.Arguments)) };
        switch (feature.Name)
        {
            case "accept_unresolvable_domains":
                draft.Site = draft.Site with { AcceptUnresolvableDomains = true };
                break;
            case "accept_unqualified_senders":
                draft.Site = draft.Site with { AcceptUnqualifiedSenders = true };
                break;
            case "redirect":
                draft.Site = draft.Site with { Aliases = draft.Site.Aliases with { HasRedirect = true } };
                break;
            case "nocanonify":
                break; // nothing is canonified by the DNS anyway
            case "user_store" when draft.FilePath(feature, feature.Argument(1)) is { } store:
                draft.Site = draft.Site with { Auth = draft.Site.Auth with { UserStore = store } };
                break;
            case "user_store":
                draft.Error(feature, "FEATURE(`user_store') does not name its file", "FEATURE(`user_store', `/etc/mail/users')");
                break;
            case "sasldb":
                draft.Site = draft.Site with { Auth = draft.Site.Auth with { SaslDatabase = draft.FilePath(feature, feature.Argument(1)) ?? CyrusConfiguration.DefaultDatabase } };
                break;
            case "passwords_in_clear":
                draft.Site = draft.Site with { Auth = draft.Site.Auth with { PasswordsInClear = true } };
                break;
            case "name_servers":
                draft.Site = draft.Site with { NameServers = [.. CfValue.List(draft.Expand(feature.Argument(1)))] };
                break;
            case "virtual_mailboxes":
                BindMailboxes(draft, feature);
                break;
            default:
                draft.Error(feature, $"FEATURE(`{feature.Name}') is not served yet", NameSuggestion.Remedy(feature.Name, ServedFeatures));
                break;
        }
    }

    private static void BindMailboxes(SiteDraft draft, CfFeature feature)
    {
        const string Usage = "FEATURE(`virtual_mailboxes', `text:/etc/mail/mailboxes', `/var/mail/virtual')";
        MapSpec? spec = MapSpec.Parse(draft.Expand(feature.Argument(1)), "text");
        if (spec is null || spec.Argument.Length == 0)
        {
            draft.Error(feature, "FEATURE(`virtual_mailboxes') does not name its table", Usage);
            return;
        }

        if (spec.Type != "text") draft.Error(feature, $"FEATURE(`virtual_mailboxes'): a table of type {spec.Type} is not served yet", Usage);
        if ("abcdefklmnopqrstvzADNOST1".Any(spec.Flags.Has)) draft.Warning(feature, "FEATURE(`virtual_mailboxes'): flags of the table have no effect so far");
        string directory = feature.Argument(2) is { Length: > 0 } given ? given : "/var/mail/virtual";
        if (draft.FilePath(feature, spec.Argument) is { } table && draft.FilePath(feature, directory) is { } mailboxes)
            draft.Site = draft.Site with { VirtualMailboxes = new VirtualMailboxConfiguration("text:" + table, mailboxes) };
    }

    private static void BindMailers(SiteDraft draft)
    {
        foreach (CfMailer mailer in draft.Document.Mailers)
        {
            if (SmtpMailers.Contains(mailer.Name, StringComparer.OrdinalIgnoreCase))
            {
                if (mailer.Path != "[IPC]" || mailer.Arguments is not ["TCP", "$h"]) draft.Error(mailer, $"mailer {mailer.Name}: only P=[IPC], A=TCP $h is served yet");
            }
            else if (mailer.Name.Equals("local", StringComparison.OrdinalIgnoreCase))
            {
                // A program delivers to the accounts of this machine; what a program may be, the mailers' own binder has judged.
                if (mailer.Path != "[MAILDIR]" && !mailer.Path.StartsWith('/'))
                    draft.Error(mailer, $"mailer local: delivery by {mailer.Path} is not served yet", "name a program in LOCAL_MAILER_PATH, or FEATURE(`virtual_mailboxes'), which delivers into Maildirs");
            }
            else if (mailer.Name is not ("prog" or "*file*" or "*include*" or "error" or "discard"))
            {
                draft.Error(mailer, $"mailer {mailer.Name} is not served yet");
            }
        }
    }

    private static void RefuseTheRest(SiteDraft draft)
    {
        CfDocument document = draft.Document;
        RulesConfiguration rules = draft.Site.Rules!;
        if (draft.IsClassic && !rules.ResolvesAddresses)
            draft.Error(document.Version.Line > 0 ? document.Version : null, $"V{document.Version.Level}/{document.Version.Vendor}: no rules for canonify (3) and parse (0): no address could be resolved", "under V10/Postrider they are native");
        if (!draft.IsClassic && rules.ResolvesAddresses != (rules.Program.Find("3") is { Rules.Count: > 0 } || rules.Program.Find("0") is { Rules.Count: > 0 }))
            draft.Error(null, "rulesets canonify (3) and parse (0) are both the site's own, or both native");
        if (!draft.IsClassic)
        {
            foreach (CfHeader header in document.Headers.Where(static header => header.Ruleset is null)) draft.Error(header, $"header {header.Field}: header lines of the site's own are not served yet");
        }

        foreach (CfQueueGroup group in document.QueueGroups) draft.Unserved(group, $"queue group {group.Name}: queue groups are not served yet");
        foreach (CfMilter milter in document.Milters) draft.Error(milter, $"mail filter {milter.Name}: mail filters are not served yet, and without it mail would pass unfiltered");
        if (draft.IsClassic) return;
        foreach (CfPrecedence precedence in document.Precedences) draft.Warning(precedence, "precedences have no effect so far");
    }

    /// <summary>What only the whole can show.</summary>
    private static void Judge(SiteDraft draft)
    {
        SiteConfiguration site = draft.Site;
        TlsConfiguration tls = site.Tls;
        string?[] server = [tls.CaCertPath, tls.CaCertFile, tls.ServerCertFile, tls.ServerKeyFile];
        bool hasTls = !server.Contains(null);
        if (!hasTls && server.Any(static path => path is not null))
            draft.Warning(null, "STARTTLS is not offered: CACertPath, CACertFile, ServerCertFile and ServerKeyFile are wanted, all four");
        if (tls.ClientCertFile is null != tls.ClientKeyFile is null) draft.Warning(null, "ClientCertFile and ClientKeyFile are used together or not at all");
        foreach (ListenerConfiguration listener in site.Listeners)
        {
            if (listener.Modifiers.Contains('s', StringComparison.Ordinal) && !hasTls) draft.Error(null, $"listener {listener.Name} (M=s) has no certificate to begin with", "define confSERVER_CERT, confSERVER_KEY, confCACERT and confCACERT_PATH");
            if (listener.Modifiers.Contains('a', StringComparison.Ordinal) && site.Auth is { UserStore: null, SaslDatabase: null })
                draft.Warning(null, $"listener {listener.Name} (M=a) wants authentication, and there is no user store", "FEATURE(`user_store', `/etc/mail/users') and postrider passwd");
        }

        foreach (IGrouping<string, ListenerConfiguration> same in site.Listeners.GroupBy(static listener => listener.Name, StringComparer.Ordinal).Where(static group => group.Count() > 1))
            draft.Warning(null, $"{same.Count()} listeners are called {same.Key}: logs cannot tell them apart", "give each a Name=");
        bool hasAccounts = site.Mailers.Any(static mailer => mailer is { Name: "local", Kind: MailerKind.Program });
        if (hasAccounts && draft.Document.Option("ForwardPath") is { Value.Length: > 0 } forward)
            draft.Warning(forward, ".forward files are not read yet: mail stays with the users who have one", "put their addresses into the aliases");
        if (site.VirtualMailboxes is null && !hasAccounts && draft.Document.IsNative && site.SmartHost is null)
            draft.Warning(null, "there are no local mailboxes: every local recipient is unknown", "FEATURE(`virtual_mailboxes', `text:/etc/mail/mailboxes', `/var/mail/virtual')");
        if (site.Queue.MinRetry > site.Queue.MaxRetry) draft.Error(null, "MinQueueAge is longer than MaxQueueAge");
    }
}
