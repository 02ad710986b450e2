using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting.MapTypes;

/// <summary>The map types that need nothing outside the program.</summary>
public static class BuiltinMaps
{
    /// <summary>Makes the map of a <c>K</c> line: <c>macro arith dequote regex null sequence</c>. Null for any other type.</summary>
    /// <exception cref="FormatException">What the line says cannot be a map of its type.</exception>
    public static NamedMap? Create(CfMap line)
    {
        ArgumentNullException.ThrowIfNull(line);
        // In a regex map -s takes parts and -b -n -f none; the expression may hold anything.
        MapSpec spec = line.Type == "regex" ? RegexSpec(line.Arguments) : MapSpec.OfType(line.Type, line.Arguments);
        IMap? map = line.Type switch
        {
            "macro" => new MacroMap(),
            "arith" => new ArithMap(),
            "dequote" => new DequoteMap(spec.Flags),
            "regex" => new RegexMap(spec.Argument, spec.Flags),
            "null" => new NullMap(),
            "sequence" => new SequenceMap(spec.Argument.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)),
            _ => null,
        };
        return map is null ? null : new NamedMap(line.Name, line.Type, spec.Flags, map);
    }

    private static MapSpec RegexSpec(string arguments)
    {
        var flags = new Dictionary<char, string>();
        string rest = arguments.TrimStart(' ', '\t');
        while (rest.Length > 1 && rest[0] == '-')
        {
            int end = rest.IndexOfAny([' ', '\t']);
            string word = end < 0 ? rest : rest[..end];
            flags[word[1]] = word[2..];
            rest = end < 0 ? "" : rest[end..].TrimStart(' ', '\t');
        }
        return new MapSpec("regex", new MapFlags(flags), rest);
    }
}
