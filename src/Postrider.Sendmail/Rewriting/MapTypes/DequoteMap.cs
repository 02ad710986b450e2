using System.Text;
using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting.MapTypes;

/// <summary><c>dequote</c>: the key without its quotation marks. Immutable; thread-safe.</summary>
/// <remarks>
/// Not found if there are none, if what they hold is not balanced, or if a blank in it has nothing to stand for it (<c>-s</c> gives a character). Backslashes stay.
/// sendmail 8.17, oracle 80 (<c>"|prog"</c>).
/// </remarks>
public sealed class DequoteMap(MapFlags flags) : IMap
{
    /// <inheritdoc/>
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        new(Dequote(key, flags.Value('s') is { Length: > 0 } blank ? blank[0] : null) is { } plain ? MapResult.Found(plain + flags.Append) : MapResult.NotFound);

    internal static string? Dequote(string text, char? blank)
    {
        var result = new StringBuilder(text.Length);
        int angles = 0;
        int comments = 0;
        int quotes = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\' && i + 1 < text.Length)
            {
                result.Append(c).Append(text[++i]);
                continue;
            }
            switch (c)
            {
                case '"': quotes++; continue;
                case '(': comments++; break;
                case ')' when --comments < 0: return null;
                case '<': angles++; break;
                case '>' when --angles < 0: return null;
                case ' ' when blank is null: return null;
                case ' ': c = blank!.Value; break;
            }
            result.Append(c);
        }
        return quotes > 0 && quotes % 2 == 0 && angles == 0 && comments == 0 ? result.ToString() : null;
    }
}
