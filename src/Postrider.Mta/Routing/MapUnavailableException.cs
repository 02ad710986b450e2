namespace Postrider.Mta.Routing;

/// <summary>A map cannot be asked now. The peer gets 451 4.3.0, never "User unknown".</summary>
/// <remarks>Operator: the message names the map and what is wrong with it (missing, unreadable, unsafe); mail waits at its sender until it is mended.</remarks>
public sealed class MapUnavailableException(string map, string reason, Exception? inner = null) : Exception($"map {map}: {reason}", inner)
{
    public string Map { get; } = map;
}
