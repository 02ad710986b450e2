using System.Text;
using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting;

/// <summary>A map as a <c>K</c> line declares it.</summary>
/// <param name="Name">Its name as written.</param>
/// <param name="Type">The map class in lower case.</param>
/// <param name="Flags">Flags that the rewriting engine itself obeys: <c>-S</c> (replaces blanks in keys), <c>-q</c> (keys keep their quotation marks), <c>-T</c> and <c>-t</c> (temporary failures).</param>
/// <param name="Map">Who answers.</param>
public sealed record NamedMap(string Name, string Type, MapFlags Flags, IMap Map)
{
    /// <summary>The key as the map is asked for it: sendmail 8.17 takes quotation marks and backslashes away unless <c>-q</c> says otherwise; <c>dequote</c> wants them.</summary>
    internal string Plain(string key)
    {
        if (!key.AsSpan().ContainsAny('"', '\\') || Flags.Has('q') || Type == "dequote") { return key; }
        var plain = new StringBuilder(key.Length);
        for (int i = 0; i < key.Length; i++)
        {
            if (key[i] == '"') { continue; }
            if (key[i] == '\\' && ++i == key.Length) { break; }
            plain.Append(key[i]);
        }
        return plain.ToString();
    }

    /// <summary>Asks the map for a key as it stands in a rule; a temporary failure becomes what <c>-T</c> or <c>-t</c> say.</summary>
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, RewriteContext context, CancellationToken cancellationToken) =>
        AskAsync(Plain(key), arguments, context, cancellationToken);

    /// <summary>Asks the map for a key that is plain already; a temporary failure becomes what <c>-T</c> or <c>-t</c> say.</summary>
    internal async ValueTask<MapResult> AskAsync(string key, IReadOnlyList<string> arguments, RewriteContext context, CancellationToken cancellationToken)
    {
        MapResult result = await BareAsync(key, arguments, context, cancellationToken).ConfigureAwait(false);
        if (result.Status != MapStatus.TempFail) { return result; }
        if (Flags.Value('T') is { Length: > 0 } suffix) { return MapResult.Found(key + suffix); }
        return Flags.IgnoreTempFail ? MapResult.NotFound : result;
    }

    /// <summary>Asks the map and leaves a temporary failure what it is, as the address test mode does (sendmail 8.17, measured).</summary>
    internal ValueTask<MapResult> BareAsync(string key, IReadOnlyList<string> arguments, RewriteContext context, CancellationToken cancellationToken) =>
        Map is IContextMap inContext ? inContext.LookupAsync(key, arguments, context, cancellationToken) : Map.LookupAsync(key, arguments, cancellationToken);
}
