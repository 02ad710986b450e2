using System.Globalization;
using Postrider.Mta.Hosting.Posix;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;

namespace Postrider.Mta.Configuration;

/// <summary>Whether the users and groups that a cf names are accounts of this machine. sendmail 8.17 refuses a cf over one that is not (asked with each of these lines).</summary>
internal static class CfAccounts
{
    public static IEnumerable<Diagnostic> Check(CfDocument document)
    {
        foreach (CfLine line in document.Lines)
        {
            (string Text, string Said, bool HasGroup)? named = line switch
            {
                CfOption { Name: "DefaultUser" } option => (option.Value, "option u", true),
                CfOption { Name: "RunAsUser" } option => (option.Value, "option RunAsUser", true),
                CfOption { Name: "TrustedUser" } option => (option.Value, "option TrustedUser", false),
                CfMailer mailer when mailer.Equates.TryGetValue('U', out string? user) => (user, "mailer U= flag", true),
                _ => null,
            };
            if (named is not { Text.Length: > 0 } account || account.Text.Contains('$', StringComparison.Ordinal)) continue;
            if (Problem(account.Text.Trim(), account.HasGroup) is not { } problem) continue;
            string message = $"readcf: {account.Said}: {problem}";
            yield return new Diagnostic(Severity.Error, document.FileName, line.Line, message) { SendmailText = Diagnostic.InSendmailsForm(document.FileName, line.LastLine, message), ExitStatus = 70 };
        }
    }

    private static string? Problem(string text, bool hasGroup)
    {
        int end = hasGroup ? text.IndexOfAny([':', '/', '.']) : -1;
        string user = end < 0 ? text : text[..end];
        if (!IsNumber(user) && SystemUser.Find(user) is null) return $"unknown user {user}";
        string group = end < 0 ? "" : text[(end + 1)..];
        return group.Length > 0 && !IsNumber(group) && SystemUser.FindGroup(group) is null ? $"unknown group {group}" : null;
    }

    private static bool IsNumber(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
