using System.Collections.Immutable;
using System.Text;
using Postrider.Smtp.Client;
using Postrider.Smtp.Sasl;

namespace Postrider.Mta.Policy;

/// <summary>What authinfo answers: <c>"U:user" "I:authid" "P:password" "R:realm" "M:mechanisms"</c>; an equals sign in place of the colon: base64. sendmail 8.17, oracle 34.</summary>
public static class AuthInfo
{
    /// <returns>Null: no name or no password in it.</returns>
    public static SmtpClientAuthentication? Read(string answer)
    {
        Dictionary<char, string> said = [];
        foreach (string word in Words(answer))
        {
            if (word.Length < 2 || word[1] is not (':' or '=')) continue;
            string value = word[2..];
            if (word[1] == '=')
            {
                byte[] octets = new byte[value.Length];
                if (!Convert.TryFromBase64String(value, octets, out int length)) return null;
                value = Encoding.UTF8.GetString(octets, 0, length);
            }

            said[char.ToUpperInvariant(word[0])] = value;
        }

        // U is who to act as, I who to authenticate as; one stands for the other. The realm belongs to the name where the server wants it there.
        if ((said.GetValueOrDefault('I') ?? said.GetValueOrDefault('U')) is not { Length: > 0 } name || !said.TryGetValue('P', out string? password)) return null;
        string? acting = said.TryGetValue('I', out _) ? said.GetValueOrDefault('U') : null;
        return new SmtpClientAuthentication
        {
            Credentials = new SaslCredentials(name, password, acting),
            Mechanisms = said.TryGetValue('M', out string? mechanisms) ? [.. mechanisms.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)] : ImmutableArray<string>.Empty,
        };
    }

    /// <summary>Quoted pieces, quotes taken away.</summary>
    private static IEnumerable<string> Words(string answer)
    {
        for (int at = 0; at < answer.Length;)
        {
            if (answer[at] is ' ' or '\t')
            {
                at++;
                continue;
            }

            char end = answer[at] == '"' ? '"' : ' ';
            int from = end == '"' ? at + 1 : at;
            int close = answer.IndexOf(end, from);
            if (close < 0) close = answer.Length;
            yield return answer[from..close];
            at = close + 1;
        }
    }
}
