using System.Text;

namespace Postrider.Sendmail.Maps;

/// <summary>Keys on their way into a map.</summary>
public static class MapKey
{
    /// <summary>In small letters unless the map has <c>-f</c>: those of ASCII, as makemap writes them in the C locale.</summary>
    public static string Folded(string key, MapFlags flags) =>
        flags.KeepCase || !key.AsSpan().ContainsAnyInRange('A', 'Z') ? key : string.Create(key.Length, key, static (into, from) =>
        {
            for (int i = 0; i < from.Length; i++) { into[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i]; }
        });

    /// <summary>Without quotation marks, and with what a backslash protected, unless the map has <c>-q</c>: the key of <c>"a b"</c> is <c>a b</c>. sendmail 8.17, asked.</summary>
    public static string Unquoted(string key, MapFlags flags)
    {
        if (!key.AsSpan().ContainsAny('"', '\\') || flags.Has('q')) { return key; }
        var plain = new StringBuilder(key.Length);
        for (int i = 0; i < key.Length; i++)
        {
            if (key[i] == '\\' && i + 1 < key.Length) { plain.Append(key[++i]); }
            else if (key[i] is not ('"' or '\\')) { plain.Append(key[i]); }
        }
        return plain.ToString();
    }
}
