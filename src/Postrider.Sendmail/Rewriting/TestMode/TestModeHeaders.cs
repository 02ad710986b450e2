using System.Globalization;
using Postrider.Sendmail.Cf;

namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary><c>/header</c>: a header line through the ruleset that the file has for its field, and what the field means to sendmail.</summary>
internal sealed class TestModeHeaders(TestModeSite site, RewriteContext context, TestModeReport report)
{
    internal async ValueTask ShowAsync(string line, CancellationToken cancellationToken)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string field = colon < 0 ? "" : line[..colon].TrimEnd(' ', '\t');
        if (field.Length == 0 || field.AsSpan().ContainsAny(" \t"))
        {
            report.SystemError($"header syntax error, line \"{line}\"");
            report.Print("ul = 00000000\n");
            return;
        }
        int flags = HeaderFlags.Of(field);
        if (Check(field) is { Ruleset: { } ruleset } check)
        {
            await CheckAsync(field, line[(colon + 1)..], ruleset, check.KeepComments, cancellationToken).ConfigureAwait(false);
            if (!check.KeepComments && check.Field != "*") { flags |= HeaderFlags.CheckStripsComments; }
        }
        report.Print(string.Create(CultureInfo.InvariantCulture, $"ul = 0x{flags:x8}\n"));
    }

    private CfHeader? Check(string field) =>
        site.Document.Headers.LastOrDefault(header => header.Ruleset is not null && header.Field.Equals(field, StringComparison.OrdinalIgnoreCase))
        ?? site.Document.Headers.LastOrDefault(static header => header is { Ruleset: not null, Field: "*" });

    private async ValueTask CheckAsync(string field, string value, string ruleset, bool keepComments, CancellationToken cancellationToken)
    {
        context.Macros.Set("hdr_name", field);
        context.Macros.Set("hdrlen", value.Length.ToString(CultureInfo.InvariantCulture));
        context.Macros.Set("currHeader", $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        TokenizeResult read = site.Engine.Program.Tokenizer.Tokenize(value, keepComments: keepComments);
        foreach (string problem in read.Problems) { report.Print($"{value}... {problem}\n"); }
        var workspace = new Workspace(read.Tokens);
        await site.Engine.RewriteAsync(ruleset, workspace, context, cancellationToken).ConfigureAwait(false);
        if (MailerTriple.Read(workspace.Tokens) is not { IsError: true } triple) { return; }
        report.UserError(Text(triple.Host), Text(triple.User));
    }

    private string Text(IReadOnlyList<string>? tokens) => tokens is null ? "" : site.Engine.Program.Tokenizer.Join(tokens);
}
