namespace Postrider.Sendmail.Rewriting;

/// <summary>Macros in memory, with those of an outer table behind them: the cf file's behind the session's behind the transaction's. Not thread-safe while written.</summary>
public sealed class MacroTable(IMacroSource? outer = null) : IMacroSource
{
    private readonly Dictionary<string, string?> _values = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string? Value(string name) => _values.TryGetValue(name, out string? value) ? value : outer?.Value(name);

    /// <inheritdoc/>
    public void Set(string name, string? value) => _values[name] = value is null ? null : Tokenizer.WithoutMetasymbols(value);

    /// <summary>Defines a macro as a cf line does: the value may name other macros, which are looked up when it is used.</summary>
    public void Define(string name, string template) => _values[name] = MacroTemplate.Read(template);

    /// <summary>The value with every macro in it put in, or null if it is not set.</summary>
    public string? Expanded(string name) => Value(name) is { } value ? MacroTemplate.Expand(value, this) : null;
}
