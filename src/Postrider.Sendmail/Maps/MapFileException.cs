namespace Postrider.Sendmail.Maps;

/// <summary>
/// A map's file cannot be asked: missing, cut off, damaged, of a kind that is not read here, or just being written. Whoever asks answers with a temporary failure;
/// the operator builds the map anew (<c>makemap</c>, <c>newaliases</c>).
/// </summary>
public sealed class MapFileException : IOException
{
    public MapFileException(string message)
        : base(message)
    {
    }

    public MapFileException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public MapFileException()
    {
    }
}
