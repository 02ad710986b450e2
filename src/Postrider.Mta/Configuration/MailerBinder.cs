using System.Collections.Immutable;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Sendmail.Cf;

namespace Postrider.Mta.Configuration;

/// <summary>M lines → <see cref="MailerDefinition"/>s; E lines → the environment of programs.</summary>
internal static class MailerBinder
{
    private const string Served = "abcdefghijklmnopqrsuvwxzABCDEFGHIKLMNPRSUWXZ0123456789/:|@%!~";

    public static void Bind(SiteDraft draft)
    {
        ImmutableArray<MailerDefinition> mailers = [.. MailerLines.Of(draft.Document).Select(line => Definition(draft, line))];
        draft.Site = draft.Site with
        {
            Mailers = mailers,
            ProgramEnvironment = [.. draft.Site.ProgramEnvironment, .. draft.Document.Environment.Select(line => $"{line.Name}={(line.Value is { } value ? draft.Expand(value) : System.Environment.GetEnvironmentVariable(line.Name))}")],
        };
    }

    public static MailerTable Table(SiteConfiguration site) => new(site.Mailers)
    {
        DefaultUser = site.DefaultUser,
        Environment = site.ProgramEnvironment,
        SafeFileEnvironment = site.SafeFileEnvironment,
        FromLine = site.FromLine,
    };

    private static MailerDefinition Definition(SiteDraft draft, CfMailer line)
    {
        (string Envelope, string Header)? sender = line.SenderRulesets;
        (string Envelope, string Header)? recipient = line.RecipientRulesets;
        string[] types = [.. line.Equates.GetValueOrDefault('T', "").Split('/', StringSplitOptions.TrimEntries), "", ""];
        MailerDefinition mailer = new()
        {
            Name = line.Name,
            Path = line.Path,
            Flags = line.Flags,
            Arguments = [.. line.Arguments],
            SenderEnvelope = Ruleset(sender?.Envelope),
            SenderHeader = Ruleset(sender?.Header),
            RecipientEnvelope = Ruleset(recipient?.Envelope),
            RecipientHeader = Ruleset(recipient?.Header),
            EndOfLine = line.EndOfLine.Length > 0 ? line.EndOfLine : "\n",
            LineLimit = Math.Max(0, line.Number('L') ?? 0),
            MaxSize = Math.Max(0, line.Number('M') ?? 0),
            MaxMessages = Math.Max(0, line.Number('m') ?? 0),
            MaxRecipients = line.Number('r') is > 0 and int recipients ? recipients : 100,
            User = Text('U'),
            Directory = Text('D'),
            Charset = Text('C'),
            Types = (types[0], types[1], types[2]),
            QueueGroup = Text('Q'),
            Nice = line.Number('N') ?? 0,
            Wait = Text('W') is { } wait && CfValue.TryInterval(wait, 's', out TimeSpan time) && time > TimeSpan.Zero ? time : null,
            Root = Text('/') is { } root ? draft.FilePath(line, root) : null,
        };
        if (mailer.Kind == MailerKind.Program && !mailer.Path.StartsWith('/')) draft.Error(line, $"mailer {mailer.Name}: P={mailer.Path} is neither the path of a program nor [IPC] nor [FILE]");
        if (mailer.Kind == MailerKind.Smtp && mailer.Port is null) draft.Error(line, $"mailer {mailer.Name}: A={string.Join(' ', mailer.Arguments)} is not served yet", "A=TCP $h, or A=TCP $h 2525");
        if (mailer.Kind == MailerKind.Program && mailer.Has('z')) draft.Error(line, $"mailer {mailer.Name}: LMTP with a program (F=z, P={mailer.Path}) is not served yet", "P=[IPC], A=FILE /path/of/socket");
        if (mailer.Arguments.IsEmpty && line.Line > 0) draft.Error(line, $"M{mailer.Name}: A= argument required");
        foreach (char flag in mailer.Flags.Where(static flag => !Served.Contains(flag, StringComparison.Ordinal)).Distinct()) draft.Warning(line, $"mailer {mailer.Name}: flag {flag} means nothing");
        return mailer;

        string? Text(char key) => line.Equates.TryGetValue(key, out string? value) && value.Trim() is { Length: > 0 } text ? text : null;
    }

    // Ruleset 0 stands for none.
    private static string? Ruleset(string? name) => name is null or "" or "0" ? null : name;
}
