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
}
