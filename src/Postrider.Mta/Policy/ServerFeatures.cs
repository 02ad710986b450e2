using Postrider.Smtp.Server;

namespace Postrider.Mta.Policy;

/// <summary>The answer of srv_features read: letters, parted by blanks; upper case turns off, lower case on (sendmail 8.17, oracle 23).</summary>
public static class ServerFeatures
{
    /// <summary>The whole answer when the ruleset could not decide: the client is to come again later.</summary>
    public const string Temporary = "temp";

    /// <param name="answer">As the ruleset gave it: <c>A S l</c>.</param>
    public static SessionFeatures Read(string answer)
    {
        SessionFeatures features = SessionFeatures.All;
        foreach (string word in answer.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            // "VA" means V only: what follows the letter belongs to it.
            bool off = char.IsAsciiLetterUpper(word[0]);
            switch (char.ToUpperInvariant(word[0]))
            {
                case 'A': features = features with { NoAuth = off }; break;
                case 'B': features = features with { NoVerb = off }; break;
                case 'C': features = features with { NoPasswordsInClear = !off }; break;
                case 'D': features = features with { NoDsn = off }; break;
                case 'E': features = features with { NoEtrn = off }; break;
                case 'L': features = features with { RequiresAuth = !off }; break;
                case 'P': features = features with { NoPipelining = off }; break;
                case 'S': features = features with { NoStartTls = off }; break;
                case 'X': features = features with { NoExpn = off }; break;
                default: break;
            }
        }

        return features;
    }
}
