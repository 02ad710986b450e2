using Postrider.Sendmail.Maps;

namespace Postrider.Sendmail.Rewriting.MapTypes;

/// <summary><c>macro</c>: <c>$(macro {name} $@ value $)</c> sets a macro, without <c>$@</c> leaves it; the answer is always empty. Characters that no name has are left out. Stateless; thread-safe.</summary>
public sealed class MacroMap : IContextMap
{
    /// <inheritdoc/>
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, RewriteContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        string name = key is ['{', .., '}'] ? key[1..^1] : key.Length > 0 ? key[..1] : "";
        foreach (char c in name)
        {
            if (!IsNamePart(c)) { context.Report($"Invalid macro/class character {c}"); }
        }
        name = string.Concat(name.Where(IsNamePart));
        if (name.Length > 0 && arguments.Count > 0) { context.Macros.Set(name, arguments[0]); }
        return new(MapResult.Found(""));

        static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
    }

    /// <summary>Asked by nobody who rewrites, there is nothing to set.</summary>
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => new(MapResult.NotFound);
}
