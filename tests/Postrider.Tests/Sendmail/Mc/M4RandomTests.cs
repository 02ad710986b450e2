using System.Globalization;
using System.Text;
using Postrider.Sendmail.Mc;

namespace Postrider.Tests.Sendmail.Mc;

/// <summary>
/// Random programs through GNU m4 and through our engine. A macro's text mentions only macros of lower number, so every program ends. M4_CASES gives the number of programs
/// (default 150), M4_SEED the first seed.
/// </summary>
public sealed class M4RandomTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("postrider-m4-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_random_program_gives_what_GNU_m4_gives()
    {
        Assert.SkipUnless(GnuM4.IsHere, "needs /usr/bin/m4 (package m4)");
        int cases = Number("M4_CASES", 150);
        int first = Number("M4_SEED", 1);
        for (int seed = first; seed < first + cases; seed++)
        {
            string text = new Program(seed).Write();
            File.WriteAllText(Path.Combine(_directory, "main.m4"), text, Encoding.Latin1);
            (string output, string errors, _) = GnuM4.Run(_directory, "main.m4");
            M4Result ours = new M4Engine(new M4Settings { Files = new M4Disk(_directory, []) }).Run(new M4Source("main.m4", text));
            Assert.True(output == ours.Text, $"seed {seed}:\n{text}\nGNU m4:\n{output}\nours:\n{ours.Text}\n{errors}\n{string.Join('\n', ours.Diagnostics)}");
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    private sealed class Program(int seed)
    {
        private static readonly string[] Words = ["a", "bc", "x1", "_y", "foo bar", "1", "42", "-3", "a.b", "", " ", "A-Z", "\\(b\\)", "[a-c]", "b*", "\\1", "%d", "%s|%5s", "$1", "$#", "$*", "1+2*3", "(1<2)"];
        private static readonly string[] Builtins =
        [
            "len", "index", "substr", "translit", "incr", "decr", "ifelse", "ifdef", "shift", "regexp", "patsubst", "format", "eval", "defn", "builtin", "indir", "divnum", "__line__", "undefine", "popdef",
        ];

        private readonly Random _random = new(seed);
        private readonly StringBuilder _text = new();

        internal string Write()
        {
            int lines = 3 + _random.Next(12);
            for (int i = 0; i < lines; i++)
            {
                Statement();
                _text.Append(_random.Next(4) == 0 ? "dnl x\n" : "\n");
            }
            return _text.ToString();
        }

        private void Statement()
        {
            switch (_random.Next(12))
            {
                case < 5:
                    int number = _random.Next(5);
                    _text.Append(_random.Next(4) == 0 ? "pushdef" : "define").Append("(`m").Append(number).Append("', `");
                    Texts(number, 2, _random.Next(1, 4));
                    _text.Append("')");
                    break;
                case 5:
                    _text.Append("divert(").Append(_random.Next(-1, 4)).Append(')');
                    break;
                case 6:
                    _text.Append("undivert").Append(_random.Next(2) == 0 ? "" : $"({_random.Next(4)})");
                    break;
                case 7:
                    _text.Append("m4wrap(`");
                    Texts(5, 2, 2);
                    _text.Append("\n')");
                    break;
                case 8:
                    // Quotes change for one text only: the rest of the program is written for the usual ones.
                    _text.Append("changequote([,])[q ").Append(Word()).Append("]changequote`'");
                    break;
                default:
                    Texts(5, 3, _random.Next(1, 5));
                    break;
            }
        }

        private void Texts(int below, int depth, int count)
        {
            for (int i = 0; i < count; i++) { Text(below, depth); }
        }

        private void Text(int below, int depth)
        {
            switch (_random.Next(depth == 0 ? 4 : 9))
            {
                case < 2:
                    _text.Append(Word());
                    break;
                case 2:
                    _text.Append('`').Append(Word()).Append('\'');
                    break;
                case 3:
                    _text.Append(_random.Next(3) switch { 0 => "$1", 1 => "$@", _ => "\n" });
                    break;
                case < 6:
                    if (below == 0) { _text.Append('z'); break; }
                    _text.Append('m').Append(_random.Next(below));
                    Arguments(below, depth - 1, _random.Next(4));
                    break;
                case < 8:
                    _text.Append(Builtins[_random.Next(Builtins.Length)]);
                    Arguments(below, depth - 1, _random.Next(1, 5));
                    break;
                default:
                    _text.Append('(');
                    Text(below, depth - 1);
                    _text.Append(')');
                    break;
            }
            _text.Append(_random.Next(5) == 0 ? " " : "`'");
        }

        private void Arguments(int below, int depth, int count)
        {
            if (count == 0) { return; }
            _text.Append('(');
            for (int i = 0; i < count; i++)
            {
                if (i > 0) { _text.Append(_random.Next(2) == 0 ? ", " : ","); }
                bool quoted = _random.Next(2) == 0;
                if (quoted) { _text.Append('`'); }
                Text(below, Math.Max(0, depth));
                if (quoted) { _text.Append('\''); }
            }
            _text.Append(')');
        }

        private string Word() => Words[_random.Next(Words.Length)];
    }
}
