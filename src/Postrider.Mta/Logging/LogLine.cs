using System.Collections;

namespace Postrider.Mta.Logging;

/// <summary>A finished line as the state of a log call: handed on without being copied or parsed again.</summary>
internal readonly struct LogLine(string text) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public static readonly Func<LogLine, Exception?, string> Formatter = static (line, _) => line.ToString();

    public int Count => 1;

    public KeyValuePair<string, object?> this[int index] => index == 0 ? new("Line", text) : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return this[0];
    }

    public override string ToString() => text;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
