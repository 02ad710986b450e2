using System.Globalization;
using System.Text;

namespace Postrider.Dialogues;

/// <summary>One *.smtp file: who calls which site, and what is said. The form is house style §8.</summary>
/// <remarks>
/// Head: <c># why</c>, <c>site: NAME</c> (default <c>defaults</c>), <c>client: ADDRESS [NAME [forged|temp]]</c> (default <c>192.0.2.10 host10.example.net</c>).
/// Steps: <c>C:</c> a line; <c>C-raw:</c> exact octets in one write; <c>S:</c> a line, <c>*</c> at its end for any rest, <c>S: 250-...</c> for any further lines;
/// <c>TLS [cert=NAME] [version=1.2] [cipher=NAME]</c> a handshake (certificates: <see cref="DialogueFiles"/>), <c>UNTLS</c> the client ends it (close_notify); <c>WAIT 5m</c> on the fake clock; <c>CLOSE</c> the server has closed; <c>DROP</c> the client is gone;
/// <c>QUEUE: empty</c> or <c>QUEUE: &lt;from&gt; -> &lt;to&gt;, &lt;to&gt;</c> one line per committed message, <c>| text</c> after it the last lines of its content;
/// <c>LOG: line</c> the log has this line, behind the one that the LOG before it found. In | and LOG: any <c>*</c> stands for anything.
/// In C: and C-raw: <c>{70000*x}</c> stands for that many x.
/// </remarks>
internal sealed record Dialogue(string Name, string Site, string Client, IReadOnlyList<DialogueStep> Steps)
{
    public static Dialogue Load(string name, string text)
    {
        string site = "defaults", client = "192.0.2.10 host10.example.net";
        List<DialogueStep> steps = [];
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            if (line.StartsWith('#') || (line.Length == 0 && steps.Count == 0) || line.Length == 0) continue;
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            string word = blank < 0 ? line : line[..blank];
            string rest = blank < 0 ? "" : line[(blank + 1)..];
            switch (word)
            {
                case "site:":
                    site = rest.Trim();
                    break;
                case "client:":
                    client = rest.Trim();
                    break;
                case "C:" or "C-raw:" or "S:" or "TLS" or "UNTLS" or "WAIT" or "CLOSE" or "DROP" or "QUEUE:" or "|" or "LOG:":
                    steps.Add(new DialogueStep(number, word, word is "C:" or "C-raw:" ? Expand(rest) : rest));
                    break;
                default:
                    throw new FormatException($"{name}({number.ToString(CultureInfo.InvariantCulture)}): not a step: {line}");
            }
        }

        return new Dialogue(name, site, client, steps);
    }

    /// <summary>C-raw: <c>\r \n \0 \t \\ \xHH</c>, everything else as it stands.</summary>
    public static byte[] Octets(string raw)
    {
        List<byte> octets = [];
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                octets.AddRange(Encoding.UTF8.GetBytes(raw, i, 1));
                continue;
            }

            switch (raw[++i])
            {
                case 'r': octets.Add((byte)'\r'); break;
                case 'n': octets.Add((byte)'\n'); break;
                case 't': octets.Add((byte)'\t'); break;
                case '0': octets.Add(0); break;
                case '\\': octets.Add((byte)'\\'); break;
                case 'x':
                    octets.Add(byte.Parse(raw.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 2;
                    break;
                default: throw new FormatException($"no such escape: \\{raw[i]}");
            }
        }

        return [.. octets];
    }

    private static string Expand(string text)
    {
        int open = text.IndexOf('{', StringComparison.Ordinal), star = open < 0 ? -1 : text.IndexOf('*', open), close = star < 0 ? -1 : text.IndexOf('}', star);
        if (close < 0 || !int.TryParse(text.AsSpan(open + 1, star - open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int times)) return text;
        string unit = text[(star + 1)..close];
        return Expand(text[..open] + string.Concat(Enumerable.Repeat(unit, times)) + text[(close + 1)..]);
    }
}

/// <param name="Line">In the file.</param>
internal sealed record DialogueStep(int Line, string Word, string Text);

/// <summary>How the client's octets are cut into writes. The answers must not depend on it.</summary>
internal enum Feeding
{
    /// <summary>Lines without a server line between them leave in one write.</summary>
    Whole,
    LineByLine,
    OctetByOctet,
}
