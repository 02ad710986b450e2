namespace Postrider.Sendmail.Maps;

/// <summary>
/// A table that a ruleset asks: <c>$(name key $@ argument $: default $)</c>. Implementations are called from many sessions at once and must not block a thread
/// while they wait. They answer <see cref="MapStatus.TempFail"/> instead of throwing when the source is missing, broken or slow.
/// </summary>
public interface IMap
{
    /// <summary>Looks a key up.</summary>
    /// <param name="key">The key as the ruleset wrote it; folding to lower case is the map's business.</param>
    /// <param name="arguments">What followed <c>$@</c>, for <c>%1</c> to <c>%9</c> in the value; <c>%0</c> is the key.</param>
    /// <param name="cancellationToken">Gives the look-up up.</param>
    ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}
