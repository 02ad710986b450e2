using System.Text;

namespace Postrider.Mta.Aliasing;

/// <summary>Cuts a right-hand side into its addresses. Commas separate them, outside quotes, comments and angle brackets; blanks do not.</summary>
/// <remarks>
/// sendmail 8.17, asked for each form: <c>Alice Example &lt;alice&gt;</c>, <c>bob (Bob)</c>, <c>"|program argument"</c>, <c>friends: alice, bob;</c>, <c>a,,b</c>.
/// <c>alice bob</c> is one address, and nobody's. Total: whatever the text is, its addresses come back, and what is wrong with one is found when it is resolved.
/// </remarks>
public static class AliasList
{
    /// <param name="place">Goes into each member.</param>
    public static List<AliasMember> Parse(string text, string place = "")
    {
        List<AliasMember> members = [];
        StringBuilder piece = new();
        StringBuilder? inside = null;
        bool isInside = false;
        bool isGroup = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            StringBuilder into = isInside ? inside! : piece;
            switch (c)
            {
                case '\\' when i + 1 < text.Length:
                    into.Append(c).Append(text[++i]);
                    break;
                case '"':
                    int end = EndOfQuote(text, i);
                    into.Append(text, i, end - i);
                    i = end - 1;
                    break;
                case '(':
                    i = EndOfComment(text, i);
                    break;
                case '<' when inside is null && !IsCommand(piece):
                    inside = new StringBuilder();
                    isInside = true;
                    break;
                case '>' when isInside:
                    isInside = false;
                    break;
                case ',' when !isInside:
                    Add();
                    break;
                case ';' when isGroup && !isInside:
                    Add();
                    isGroup = false;
                    break;
                case ':' when !isInside && !isGroup && IsGroupName(text, i, piece):
                    piece.Clear();
                    isGroup = true;
                    break;
                default:
                    into.Append(c is '\t' or '\r' or '\n' or '\0' ? ' ' : c);
                    break;
            }
        }

        Add();
        return members;

        void Add()
        {
            string address = (inside ?? piece).ToString().Trim();
            if (address.Length > 0) members.Add(new AliasMember(address, place));
            piece.Clear();
            inside = null;
            isInside = false;
        }
    }

    private static bool IsCommand(StringBuilder piece)
    {
        for (int i = 0; i < piece.Length; i++)
        {
            if (piece[i] != ' ') return piece[i] == '|';
        }

        return false;
    }

    /// <summary>A word before a colon names a group; <c>:include:</c>, <c>host::user</c>, a program, a file and an address do not.</summary>
    private static bool IsGroupName(string text, int at, StringBuilder piece)
    {
        string name = piece.ToString().Trim();
        bool isDouble = (at + 1 < text.Length && text[at + 1] == ':') || (at > 0 && text[at - 1] == ':');
        return name.Length > 0 && !isDouble && name[0] is not ('|' or '/' or ':' or '\\') && !name.Contains('@', StringComparison.Ordinal);
    }

    /// <returns>Behind the closing quote; the end of the text when there is none.</returns>
    private static int EndOfQuote(string text, int at)
    {
        for (int i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') return i + 1;
        }

        return text.Length;
    }

    /// <returns>At the closing parenthesis.</returns>
    private static int EndOfComment(string text, int at)
    {
        int depth = 0;
        for (int i = at; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '(') depth++;
            else if (text[i] == ')' && --depth == 0) return i;
        }

        return text.Length;
    }
}
