using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary>The flags of an <c>ldap</c> map, with those of <c>LDAPDefaultSpec</c> behind them.</summary>
internal sealed record LdapMapFlags(string Map, MapFlags Own, MapFlags Defaults)
{
    public bool Has(char flag) => Own.Has(flag) || Defaults.Has(flag);

    /// <summary>The line's value, else the default's; a line that names its server one way is not sent to the default's, named the other way.</summary>
    public string? Text(char flag) => Own.Value(flag) ?? ((flag == 'h' && Own.Has('H')) || (flag == 'H' && Own.Has('h')) ? null : Defaults.Value(flag));

    /// <summary>A value that is one of some words.</summary>
    /// <exception cref="FormatException">It is another.</exception>
    public T Word<T>(char flag, T whenMissing, string rule)
        where T : struct, Enum
    {
        if (Text(flag) is not { Length: > 0 } word) return whenMissing;
        return char.IsAsciiLetter(word[0]) && Enum.TryParse(word, ignoreCase: true, out T value) ? value : throw new FormatException($"{rule} (not {word}) in map {Map}");
    }

    /// <exception cref="FormatException">The line has both.</exception>
    public void NotBoth(char one, char other, string message)
    {
        if (Own.Has(one) && Own.Has(other)) throw new FormatException($"{message} in map {Map}");
    }
}
