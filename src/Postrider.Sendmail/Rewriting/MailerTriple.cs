namespace Postrider.Sendmail.Rewriting;

/// <summary><c>$#mailer $@host $:user</c>: how a ruleset says where an address goes. With the mailer <c>error</c> the host is the status and the user the reply.</summary>
/// <param name="Mailer">The mailer's name.</param>
/// <param name="Host">The tokens behind <c>$@</c>; null if there was no <c>$@</c>.</param>
/// <param name="User">The tokens behind <c>$:</c>; null if there was no <c>$:</c>.</param>
public sealed record MailerTriple(string Mailer, IReadOnlyList<string>? Host, IReadOnlyList<string>? User)
{
    /// <summary>True for <c>$#error</c>, letters compared without case.</summary>
    public bool IsError => Mailer.Equals("error", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a workspace; null if it does not begin with <c>$#</c> and a name.</summary>
    public static MailerTriple? Read(IReadOnlyList<string> tokens)
    {
        if (tokens.Count < 2 || tokens[0] != Metasymbol.Mailer) { return null; }
        int at = 2;
        IReadOnlyList<string>? host = null;
        if (at < tokens.Count && tokens[at] == Metasymbol.Host)
        {
            int end = at + 1;
            while (end < tokens.Count && tokens[end] != Metasymbol.User) { end++; }
            host = [.. tokens.Skip(at + 1).Take(end - at - 1)];
            at = end;
        }
        IReadOnlyList<string>? user = at < tokens.Count && tokens[at] == Metasymbol.User ? [.. tokens.Skip(at + 1)] : null;
        return new MailerTriple(tokens[1], host, user);
    }
}
