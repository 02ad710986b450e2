namespace Postrider.Mta.Aliasing;

/// <summary>Whether a user's list may name programs and files: his shell must be one of <c>/etc/shells</c>.</summary>
/// <remarks>sendmail 8.17, oracle 60: a user without one "doesn't have a valid shell for mailing to programs". <c>/SENDMAIL/ANY/SHELL/</c> in the file permits everybody.</remarks>
public sealed class LoginShells(string file = "/etc/shells")
{
    public static LoginShells System { get; } = new();

    public bool Has(string shell)
    {
        if (shell.Length == 0) shell = "/bin/sh";
        try
        {
            return File.ReadLines(file).Select(static line => line.Split('#')[0].Trim()).Any(line => line == shell || line == "/SENDMAIL/ANY/SHELL/");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return shell is "/bin/sh" or "/bin/csh"; // what the C library takes without the file
        }
    }
}
