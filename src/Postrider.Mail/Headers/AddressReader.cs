using System.Text;

namespace Postrider.Mail.Headers;

/// <summary>Cuts an address field into pieces: one address, a group's name (ends at ':'), the end of a group (';').</summary>
internal struct AddressReader(string text, bool isOldStyle)
{
    private const string UnbalancedQuote = "Unbalanced '\"'";
    private const string UnbalancedComment = "Unbalanced '('";
    private const string UnbalancedAngle = "Unbalanced '<'";
    private const string UnbalancedAngleEnd = "Unbalanced '>'";

    public int Position { get; private set; }

    public int PieceStart { get; private set; }

    /// <summary>What ended the piece: ',' ':' ';' or NUL at the end of the text.</summary>
    public char Mark { get; private set; }

    public string Address { get; private set; } = "";

    public string? DisplayName { get; private set; }

    public string? Error { get; private set; }

    public string Piece { get; private set; } = "";

    public bool Next()
    {
        while (Position < text.Length && IsBlank(text[Position])) Position++;
        if (Position >= text.Length) return false;
        PieceStart = Position;
        StringBuilder outside = new();
        StringBuilder? inside = null;
        Error = null;
        Mark = '\0';
        bool isInside = false;
        while (Position < text.Length && Mark == '\0')
        {
            StringBuilder into = isInside ? inside! : outside;
            char c = text[Position];
            switch (c)
            {
                case '"':
                    ReadQuoted(into);
                    continue;
                case '(':
                    ReadComment();
                    if (into.Length > 0 && !isInside) into.Append(' ');
                    continue;
                case '[' when text.IndexOf(']', Position) is > 0 and int close:
                    into.Append(text, Position, close + 1 - Position); // an address literal: its colons are no group
                    Position = close + 1;
                    continue;
                case '\\' when Position + 1 < text.Length:
                    into.Append(c).Append(text[Position + 1]);
                    Position += 2;
                    continue;
                case '<' when !isInside && inside is null:
                    inside = new StringBuilder();
                    isInside = true;
                    break;
                case '>' when isInside:
                    isInside = false;
                    break;
                case '<' or '>':
                    Error ??= c == '<' ? UnbalancedAngle : UnbalancedAngleEnd;
                    break;
                case ',' when !isInside || !inside!.ToString().StartsWith('@'): // <@a,@b:c@d> is a route
                case ';' when !isInside:
                    Mark = c;
                    break;
                case ':' when !isInside && IsGroupName(outside):
                    Mark = c;
                    break;
                default:
                    if (IsBlank(c) && isOldStyle && outside.Length > 0) Mark = ',';
                    else into.Append(IsBlank(c) ? ' ' : c);
                    break;
            }

            Position++;
        }

        Finish(outside, inside, isInside);
        return true;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t';

    /// <summary>A phrase with no @ before the colon; <c>::</c> is DECnet and stays in the address.</summary>
    private readonly bool IsGroupName(StringBuilder outside)
    {
        string phrase = outside.ToString();
        if (phrase.Contains('@', StringComparison.Ordinal) || phrase.Trim().Length == 0) return false;
        return (Position + 1 >= text.Length || text[Position + 1] != ':') && text[Position - 1] != ':';
    }

    private void Finish(StringBuilder outside, StringBuilder? inside, bool isInside)
    {
        Piece = text[PieceStart..(Mark == '\0' ? Position : Position - 1)].Trim();
        string phrase = outside.ToString().Trim();
        if (Mark == ':')
        {
            Address = "";
            DisplayName = Unquote(phrase);
            return;
        }

        if (isInside) Error ??= UnbalancedAngle;
        DisplayName = inside is null || phrase.Length == 0 ? null : Unquote(phrase);
        Address = inside is null ? Compact(phrase) : WithoutRoute(Compact(inside.ToString().Trim()));
    }

    /// <summary>RFC 5322 §4.4 allows blanks around dots and @; between words sendmail puts BlankSub, a dot (oracle 61: <c>a b c</c> becomes <c>a.b.c</c>).</summary>
    private static string Compact(string address)
    {
        if (!address.Contains(' ', StringComparison.Ordinal)) return address;
        StringBuilder compact = new(address.Length);
        bool quoted = false;
        for (int i = 0; i < address.Length; i++)
        {
            char c = address[i];
            if (c == '\\' && i + 1 < address.Length)
            {
                compact.Append(c).Append(address[++i]);
                continue;
            }

            if (c == '"') quoted = !quoted;
            if (c != ' ' || quoted)
            {
                compact.Append(c);
                continue;
            }

            int next = i;
            while (next < address.Length && address[next] == ' ') next++;
            bool joins = compact.Length > 0 && compact[^1] is not ('.' or '@' or '!' or '%') && address[next] is not ('.' or '@' or '!' or '%');
            if (joins) compact.Append('.');
            i = next - 1;
        }

        return compact.ToString();
    }

    /// <summary>RFC 5321 §4.1.1.3: a source route before the address is ignored.</summary>
    private static string WithoutRoute(string address) =>
        address.StartsWith('@') && address.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon ? address[(colon + 1)..] : address;

    private static string Unquote(string phrase)
    {
        if (!phrase.Contains('"', StringComparison.Ordinal) && !phrase.Contains('\\', StringComparison.Ordinal)) return phrase;
        StringBuilder plain = new(phrase.Length);
        for (int i = 0; i < phrase.Length; i++)
        {
            if (phrase[i] == '"') continue;
            if (phrase[i] == '\\' && i + 1 < phrase.Length) i++;
            plain.Append(phrase[i]);
        }

        return plain.ToString();
    }

    private void ReadQuoted(StringBuilder into)
    {
        int start = Position++;
        while (Position < text.Length && text[Position] != '"') Position += text[Position] == '\\' ? 2 : 1;
        if (Position >= text.Length)
        {
            Position = text.Length;
            Error ??= UnbalancedQuote;
        }
        else
        {
            Position++;
        }

        into.Append(text, start, Position - start);
    }

    private void ReadComment()
    {
        int depth = 0;
        while (Position < text.Length)
        {
            char c = text[Position++];
            if (c == '\\') Position = Math.Min(Position + 1, text.Length);
            else if (c == '(') depth++;
            else if (c == ')' && --depth == 0) return;
        }

        Error ??= UnbalancedComment;
    }
}
