using System.Globalization;
using Postrider.Sendmail.Cf;

namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary>A mailer as <c>=M</c> prints it, and with the rulesets that it rewrites by.</summary>
internal sealed record TestModeMailer(string Name, string Flags, string Line, (string Envelope, string Header) Sender, (string Envelope, string Header) Recipient)
{
    /// <summary>All mailers of a file, numbered as sendmail numbers them.</summary>
    internal static List<TestModeMailer> All(CfDocument document, RewritingEngine engine) => [.. MailerLines.Of(document).Select((mailer, index) => Of(mailer, index, engine))];

    private static TestModeMailer Of(CfMailer mailer, int index, RewritingEngine engine)
    {
        string flags = string.Concat(mailer.Flags.Distinct().Order());
        (string Envelope, string Header) sender = Named(mailer.SenderRulesets, engine);
        (string Envelope, string Header) recipient = Named(mailer.RecipientRulesets, engine);
        string[] types = [.. (mailer.Equates.GetValueOrDefault('T') ?? "").Split('/'), "", ""];
        for (int i = 0; i < 3; i++) { types[i] = types[i].Length == 0 ? "<undefined>" : types[i]; }
        string eol = mailer.EndOfLine.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        string line = string.Create(CultureInfo.InvariantCulture, $"mailer {index} ({mailer.Name}): P={mailer.Path} S={sender.Envelope}/{sender.Header} R={recipient.Envelope}/{recipient.Header} M={mailer.Number('M') ?? 0} U={User(mailer)} F={flags} L={mailer.Number('L') ?? 0} E={eol} T={types[0]}/{types[1]}/{types[2]} r={mailer.Number('r') ?? 100} A={string.Join(' ', mailer.Arguments)}");
        return new TestModeMailer(mailer.Name, flags, line, sender, recipient);
    }

    private static string User(CfMailer mailer) => mailer.Equates.TryGetValue('U', out string? user) ? user : "-1:-1";

    // Ruleset 0 stands for none.
    private static (string Envelope, string Header) Named((string Envelope, string Header)? pair, RewritingEngine engine)
    {
        string none = engine.Program.Find("0")?.Name ?? "0";
        return pair is { } names ? (Name(names.Envelope), Name(names.Header)) : (none, none);

        string Name(string text) => text.Length == 0 ? none : engine.Program.Find(text)?.Name ?? text;
    }
}
