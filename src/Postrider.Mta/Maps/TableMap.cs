using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>text</c> and <c>stab</c>: a file of lines, held in memory, read again when it changes. Thread-safe.</summary>
internal sealed class TableMap(MapSource<IMap> source, MapFlags flags) : IMap
{
    public ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            IMap? table = source.Ask(static content => content, out bool isMissing);
            if (isMissing && !flags.Optional) throw source.MissingFile();
            return table?.LookupAsync(key, arguments, cancellationToken) ?? new(MapResult.NotFound);
        }
        catch (MapFileException e)
        {
            return new(MapResult.TempFail(e.Message));
        }
    }
}
