namespace Postrider.Sendmail.Cf;

/// <summary>The mailers of a file in the order of their numbers.</summary>
public static class MailerLines
{
    // prog, *file* and *include* are there before the file is read; the first is mostly replaced.
    private static readonly string[] Own =
    [
        "Mprog, P=/bin/sh, F=9DFMeloqsu, T=X-Unix/X-Unix/X-Unix, A=sh -c $u",
        "M*file*, P=[FILE], F=9DEFMPloqsu, T=X-Unix/X-Unix/X-Unix, A=FILE $u",
        "M*include*, P=/dev/null, F=su, A=INCLUDE $u",
    ];

    /// <summary>sendmail's own mailers, then those of the file; a name that comes again replaces what was there.</summary>
    public static IReadOnlyList<CfMailer> Of(CfDocument document)
    {
        List<CfMailer> lines = [.. CfDocument.Parse(string.Join('\n', Own), "").Mailers];
        foreach (CfMailer mailer in document.Mailers)
        {
            int known = lines.FindIndex(line => line.Name.Equals(mailer.Name, StringComparison.OrdinalIgnoreCase));
            if (known < 0) { lines.Add(mailer); } else { lines[known] = mailer; }
        }
        return lines;
    }
}
