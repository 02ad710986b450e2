using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Policy;

/// <summary>
/// The macros that the rules of one session see: what the map <c>macro</c> set in this transaction, then in this session, then what the program knows
/// (<see cref="PolicyContext.Macro"/>), then the file's. Not thread-safe; belongs to one session.
/// </summary>
internal sealed class SessionMacros(PolicyContext context, IMacroSource file) : IMacroSource
{
    private readonly Dictionary<string, string?> session = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> transaction = new(StringComparer.Ordinal);

    public string? Value(string name)
    {
        if (transaction.Count > 0 && transaction.TryGetValue(name, out string? value)) return value;
        if (session.Count > 0 && session.TryGetValue(name, out value)) return value;
        return context.Macro(name) is { } known ? Tokenizer.WithoutMetasymbols(known) : file.Value(name);
    }

    public void Set(string name, string? value) => (context.QueueId is null ? session : transaction)[name] = value is null ? null : Tokenizer.WithoutMetasymbols(value);

    public void ForgetTransaction() => transaction.Clear();
}
