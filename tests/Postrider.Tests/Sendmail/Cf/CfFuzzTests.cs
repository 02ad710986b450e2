using System.Globalization;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Tests.Sendmail.Cf;

/// <summary>Whatever octets a file holds: reading ends, nothing is thrown, every octet comes out again, every finding has a line.</summary>
public sealed class CfFuzzTests
{
    // Pieces that lead into every branch of the reader.
    private static readonly string[] Pieces =
    [
        "V10/Berkeley", "V10/Postrider", "\n", "\n", "\n", "\n\t", "\n ", "\t", " ", "D", "D{x}", "C{w}", "Fw", "F{x}", "-o ", "/etc/passwd", "|/bin/x ", "\"", "k@text:/t", "%[^\\#]", "%*s", "%s",
        "Kk ", "hash ", "sequence ", "O ", "OL", "OT5d/4h", "Or5m", "Timeout.", "queuereturn", "=", ",", "DaemonPortOptions=", "Name=", "Feature.", "H", "?P?", "?${x}?", "X: ", "$>+", "$>", "Mm, ", "P=[IPC]",
        "A=TCP $h", "S=1/", "Qq, ", "Xx, ", "T=C:5m;", "Ss", "Ss=5", "R", "$*", "$+", "$-", "$@", "$=w", "$~{w}", "$&{x}", "${x}", "$(k ", "$)", "$[", "$]", "$:", "$#", "$1", "$9", "$0", "$?x", "$|", "$.", "$$", "$",
        "P", "T", "E", "#", "\\#", "\\", "\\n", "\r\n", "\0", "\u00ff", "\u0085", "{", "}", "5d", "99999999999999999999", "-", "/",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_octets_and_random_pieces_are_read_without_harm(int seed)
    {
        var random = new Random(seed); // a fixed seed: what fails once fails again
        for (int i = 0; i < 1500; i++) { Holds(i % 2 == 0 ? Octets(random) : Built(random)); }
    }

    [Fact]
    public void Every_prefix_of_a_real_file_is_read_without_harm()
    {
        const string Real = "V10/Berkeley\nD{x}a$?y b$|c$. # c\nFw-o \"/etc/x y\" %[^\\#]\nKa hash -T<TMP> /a\nO DaemonPortOptions=Name=MTA, M=f, Addr=127.0.0.1\nOT5d/4h\nH?${a}?X: $>+c\n\tx\nSa=3\nR$*<$=w>\t$(a $1 $: $2 $)\tc\nMl, P=[IPC], A=TCP $h,\n\tS=a/b, E=\\r\\n\nXf, S=inet:1@h, T=C:5m;E:1m\n";
        for (int i = 0; i <= Real.Length; i++) { Holds(Real[..i]); }
    }

    [Theory]
    [InlineData("D{")]
    [InlineData("O PrivacyOptions=")]
    [InlineData("Mm, A=")]
    [InlineData("Fx/a %[")]
    [InlineData("R$*\t")]
    [InlineData("CX")]
    public void Line_of_a_million_octets_is_read_without_harm(string head) => Holds(head + string.Concat(Enumerable.Repeat("${a} ,\"\\x", 125_000)));

    private static void Holds(string text)
    {
        CfDocument document = CfDocument.Parse(text, "t.cf");
        Assert.Equal(text, document.ToText());
        Assert.Equal(text.EndsWith('\n') ? text[..^1] : text, string.Join('\n', document.Lines.Select(static line => line.Raw)));
        int lines = text.Count(static c => c == '\n') + 1;
        Assert.All(document.Diagnostics, found => Assert.InRange(found.Line, 1, lines));
        Assert.All(document.Diagnostics, static found => Assert.False(found.ToString().Any(char.IsControl), found.ToString()));
        if (text.Length > 10_000) { return; }
        RuleCompiler.Compile(document, new MacroTable(), new ClassTable(), static file => [file.Source]);
        foreach (CfClassFile file in document.ClassFiles) { file.Format.Match(text); }
        foreach (CfMailer mailer in document.Mailers) { _ = (mailer.Arguments, mailer.EndOfLine, mailer.SenderRulesets, mailer.RecipientRulesets, mailer.Number('M')).ToString(); }
        _ = document.Options.Select(static option => option.Definition?.Problem(option.Value) + option.Definition?.Remedy(option.Value)).Count(static said => said is not null).ToString(CultureInfo.InvariantCulture);
    }

    private static string Octets(Random random) => string.Create(random.Next(200), random, static (span, random) =>
    {
        for (int i = 0; i < span.Length; i++) { span[i] = random.Next(8) == 0 ? '\n' : (char)random.Next(256); }
    });

    private static string Built(Random random) => string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Pieces[random.Next(Pieces.Length)]));
}
