using System.Diagnostics.CodeAnalysis;

namespace Postrider.Sendmail.Maps;

/// <summary>
/// A file of keys and values, open for reading. Reads what was there when it was opened: a file that is replaced meanwhile is noticed by whoever opened it.
/// Thread-safe. Every look-up ends, whatever the file holds.
/// </summary>
public interface IMapFile : IDisposable
{
    /// <summary>The value of a key, octet by octet; of several values the first.</summary>
    /// <exception cref="MapFileException">The file is damaged. Not the same as a key that is not there.</exception>
    bool TryGet(ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value);

    /// <summary>Every key with its value, in the order of the file; a key with several values comes once for each.</summary>
    /// <exception cref="MapFileException">The file is damaged; thrown while it is walked.</exception>
    IEnumerable<KeyValuePair<byte[], byte[]>> Entries();
}
