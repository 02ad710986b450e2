using System.Buffers;
using System.Text;

namespace Postrider.Sendmail.Rewriting;

/// <summary>Cuts an address into tokens, and puts it together again. Immutable; thread-safe.</summary>
/// <remarks>
/// Every operator character is a token of its own, as are <c>( ) &lt; &gt; , ;</c>. A quoted string is one token, its quotation marks included. Blanks only
/// part tokens. A backslash takes the next character's meaning away and stays in the token (but <c>\!</c> is <c>!</c>, outside quotation marks).
/// </remarks>
public sealed class Tokenizer
{
    /// <summary>sendmail 8.17 without the option OperatorChars.</summary>
    public const string DefaultOperators = ".:@[]";

    /// <summary>Most tokens of an address, and of a workspace. sendmail's own limit.</summary>
    public const int MaxTokens = 1000;

    // sendmail 8.17, measured: a token of 257 octets is "too long", and so is an address whose tokens, each with one octet more, fill 1252.
    private const int LongestToken = 256;
    private const int LongestAddress = 1251;

    private const string AlwaysOperators = "()<>,;";
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\n\v\f\r");
    private static readonly string[] Single = [.. Enumerable.Range(0, 128).Select(static i => ((char)i).ToString())];

    private readonly SearchValues<char> _operators;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="operators">The option OperatorChars.</param>
    /// <param name="blankSubstitute">The option BlankSub: stands between two words when tokens are joined.</param>
    public Tokenizer(string operators = DefaultOperators, string blankSubstitute = " ")
    {
        _operators = SearchValues.Create(operators + AlwaysOperators);
        BlankSubstitute = blankSubstitute;
    }

    /// <summary>What stands between two words when tokens are joined.</summary>
    public string BlankSubstitute { get; }

    /// <summary>Reads a text that comes from outside. It cannot hold metasymbols; a look-alike becomes a question mark.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="delimiter">Ends the reading when it stands outside quotation marks and comments, also between angle brackets (which are then closed) unless a route stands there; NUL for none.</param>
    /// <param name="keepComments">Parentheses are tokens. Otherwise what they enclose is left out.</param>
    public TokenizeResult Tokenize(string text, int start = 0, char delimiter = '\0', bool keepComments = false)
    {
        var scan = new Scan(this, text, start, delimiter, keepComments, template: false);
        scan.Run();
        return new TokenizeResult(scan.Tokens, scan.Problems, scan.At);
    }

    /// <summary>Reads one side of a rule, metasymbols and all. Nothing is wrong there; parentheses and unbalanced brackets are tokens.</summary>
    internal List<string> Rule(string text)
    {
        var scan = new Scan(this, text, 0, '\0', keepComments: true, template: true) { Mends = false };
        scan.Run();
        return scan.Tokens;
    }

    /// <summary>Reads the value of a macro that a rule asks for when it runs: as from outside, but a value from the cf file may hold metasymbols.</summary>
    internal TokenizeResult Macro(string value)
    {
        var scan = new Scan(this, value, 0, '\0', keepComments: false, template: true);
        scan.Run();
        return new TokenizeResult(scan.Tokens, scan.Problems, scan.At);
    }

    /// <summary>Joins tokens; <see cref="BlankSubstitute"/> goes between two words.</summary>
    /// <param name="most">How many characters there is room for; what is left over is cut off. A blank behind a last word that just fits stays, as in sendmail 8.17.</param>
    public string Join(IEnumerable<string> tokens, string? blankSubstitute = null, int most = int.MaxValue)
    {
        var text = new StringBuilder();
        bool afterWord = false;
        foreach (string token in tokens)
        {
            bool word = IsWord(token);
            if (word && afterWord && text.Length <= most) { text.Append(blankSubstitute ?? BlankSubstitute); }
            int room = Math.Max(most - text.Length, 0);
            if (token.Length > room) { return text.Append(token.AsSpan(0, room)).ToString(); }
            text.Append(token);
            afterWord = word;
        }
        return text.ToString();
    }

    internal bool IsWord(string token) => token.Length > 0 && token[0] is not '"' && !Metasymbol.Is(token[0]) && !_operators.Contains(token[0]);

    /// <summary>A text as a problem quotes it: of a long one the ends.</summary>
    internal static string Shortened(string text) => text.Length < 203 ? text : $"{text.AsSpan(0, 100)}...{text.AsSpan(text.Length - 100)}";

    /// <summary>A text from mail or network, in which nothing can be taken for a <see cref="Metasymbol"/>.</summary>
    public static string WithoutMetasymbols(string text) =>
        text.AsSpan().ContainsAnyInRange(Metasymbol.End, Metasymbol.Position9) ? string.Concat(text.Select(static c => Metasymbol.Is(c) ? '?' : c)) : text;

    private sealed class Scan(Tokenizer tokenizer, string text, int start, char delimiter, bool keepComments, bool template)
    {
        private readonly StringBuilder _token = new();
        private List<string>? _problems;
        private int _angles;
        private bool _route;
        private char _previous; // that is no blank
        private int _octets;
        private int _comments;
        private bool _quoted;
        private bool _backslash;

        internal List<string> Tokens { get; } = [];

        internal bool Mends { get; init; } = true;

        internal IReadOnlyList<string> Problems => _problems ?? (IReadOnlyList<string>)[];

        internal int At { get; private set; } = start;

        internal void Run()
        {
            while (!TooLong())
            {
                char c;
                if (At < text.Length) { c = text[At++]; }
                else if (Mend() is { } mended) { c = mended; }
                else { break; }
                if (!template && Metasymbol.Is(c)) { c = '?'; }
                if (Escaped(c) || Inside(c)) { continue; }
                if (Mends && c == '>' && --_angles < 0) { _angles = 0; Problem("Unbalanced '>'"); continue; }
                if (c == delimiter && delimiter != '\0' && !_route)
                {
                    At--;
                    CloseAngles();
                    break;
                }
                // A route begins with <@ and ends with its bracket: its commas are its own.
                if (c == '@' && _previous == '<') { _route = true; }
                if (c == '>') { _route = false; }
                if (!Blanks.Contains(c)) { _previous = c; }
                if (c == '<') { _angles++; }
                Take(c);
            }
            Flush();
            if (!TooLong()) { return; }
            Problem(_token.Length > LongestToken ? "prescan: token too long" : "Address too long");
            Tokens.Clear();
            At = text.Length;
        }

        private bool TooLong() => Tokens.Count > MaxTokens || Mends && (_token.Length > LongestToken || _octets > LongestAddress);

        // sendmail closes what was left open, and says so.
        private char? Mend()
        {
            if (!Mends) { return null; }
            (string? problem, char? close) = _quoted ? ("Unbalanced '\"'", '"') : _comments > 0 ? ("Unbalanced '('", ')') : _angles > 0 ? ("Unbalanced '<'", '>') : ((string?)null, (char?)null);
            if (problem is not null) { Problem(problem); }
            return close;
        }

        private void CloseAngles()
        {
            Flush();
            for (; _angles > 0; _angles--)
            {
                Problem("Unbalanced '<'");
                Take('>');
            }
        }

        private void Problem(string text) => (_problems ??= []).Add(text);

        private bool Escaped(char c)
        {
            if (_backslash)
            {
                _backslash = false;
                if (_comments > 0) { return true; }
                if (c == '!' && !_quoted) { return false; }
                _token.Append('\\').Append(c);
                return true;
            }
            _backslash = c == '\\';
            return _backslash;
        }

        // Quoted strings and comments.
        private bool Inside(char c)
        {
            if (_quoted)
            {
                _token.Append(c);
                if (c == '"')
                {
                    _quoted = false;
                    Flush();
                }
                return true;
            }
            if (keepComments) { return false; }
            if (c == '(')
            {
                Flush(); // sendmail 8.17: a(b)c is two words
                _comments++;
                return true;
            }
            if (c == ')' && _comments == 0) { Problem("Unbalanced ')'"); return true; }
            if (c == ')' && _comments > 0) { _comments--; return true; }
            return _comments > 0;
        }

        private void Take(char c)
        {
            if (c == '"')
            {
                Flush();
                _quoted = true;
                _token.Append(c);
            }
            else if (Blanks.Contains(c)) { Flush(); }
            else if (tokenizer._operators.Contains(c))
            {
                Flush();
                Tokens.Add(c < 128 ? Single[c] : c.ToString());
                _octets += 2;
            }
            else if (Metasymbol.Is(c))
            {
                Flush();
                int end = c < Metasymbol.AnyOrNone ? text.IndexOf(Metasymbol.End, At) + 1 : At;
                Tokens.Add(text[(At - 1)..end]);
                At = end;
            }
            else { _token.Append(c); }
        }

        private void Flush()
        {
            if (_token.Length == 0 || Mends && _token.Length > LongestToken) { return; }
            _octets += _token.Length + 1;
            Tokens.Add(_token.ToString());
            _token.Clear();
        }
    }
}
