using System.Buffers;
using System.Text;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>The text of an address field taken apart at its commas, and put together again in lines that are not too long.</summary>
/// <remarks>
/// sendmail 8.17, oracle 61: what stands in <c>group: a, b;</c> around the addresses stays where it is; a line that would pass column 78 (or the mailer's L=) goes
/// on after a comma, behind eight blanks.
/// </remarks>
internal static class HeaderAddresses
{
    private static readonly SearchValues<char> notInGroupNames = SearchValues.Create("<@\"(\\[");

    private const int Indent = 8;
    private const int Column = 78;

    /// <summary>Each with what belongs to a group around it: <c>group: </c> before, <c>;</c> behind.</summary>
    public static IEnumerable<(string Before, string Address, string After)> Split(string text)
    {
        int from = 0;
        int depth = 0; // of comments
        bool quoted = false;
        bool inAngle = false;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ',';
            if (i < text.Length)
            {
                if (c == '\\')
                {
                    i++;
                    continue;
                }

                if (c == '"' && depth == 0) quoted = !quoted;
                if (quoted) continue;
                if (c == '(') depth++;
                if (c == ')' && depth > 0) depth--;
                if (depth == 0 && c is '<' or '>') inAngle = c == '<';
                if (depth > 0 || inAngle || c != ',') continue;
            }

            string part = text[from..Math.Min(i, text.Length)].Trim();
            from = i + 1;
            if (part.Length > 0) yield return Grouped(part);
        }
    }

    /// <param name="fieldName">Its length counts.</param>
    /// <param name="lineLimit">L= of the mailer; 0: none.</param>
    public static string Join(string fieldName, IEnumerable<string> addresses, int lineLimit)
    {
        int widest = lineLimit > 2 ? Math.Min(lineLimit - 2, Column) : Column;
        StringBuilder text = new();
        int column = fieldName.Length + 2;
        foreach (string address in addresses)
        {
            bool isFirst = text.Length == 0;
            column += address.Length + (isFirst ? 0 : 2);
            if (column > widest && !isFirst)
            {
                text.Append(",\r\n").Append(' ', Indent);
                column = Indent + address.Length;
            }
            else if (!isFirst) text.Append(", ");

            text.Append(address);
        }

        return text.ToString();
    }

    private static (string Before, string Address, string After) Grouped(string part)
    {
        string before = "";
        int colon = part.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && !part.AsSpan(0, colon).ContainsAny(notInGroupNames) && !(colon + 1 < part.Length && part[colon + 1] == ':'))
        {
            int end = colon + 1;
            while (end < part.Length && part[end] == ' ') end++;
            before = part[..end];
            part = part[end..];
        }

        string after = part.EndsWith(';') ? ";" : "";
        return (before, part[..^after.Length].TrimEnd(), after);
    }
}
