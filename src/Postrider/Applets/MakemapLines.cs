using System.Runtime.CompilerServices;
using System.Text;

namespace Postrider.Cli.Applets;

/// <summary>The lines that makemap reads: a key, blanks or the delimiter, a value to the end of the line.</summary>
internal sealed record MakemapLines
{
    /// <summary>Longest line with its end, in octets, as in sendmail.</summary>
    private const int MaxLine = 1024;

    /// <summary>-t; null: any blanks.</summary>
    public byte? Delimiter { get; init; }

    /// <summary>-D.</summary>
    public byte Comment { get; init; } = (byte)'#';

    /// <summary>-e.</summary>
    public bool TakesEmptyValues { get; init; }

    /// <summary>-f.</summary>
    public bool KeepsCase { get; init; }

    /// <summary>-N.</summary>
    public bool EndsInNul { get; init; }

    /// <summary>Lines without their ends; of one that is too long as much as shows that it is.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> SplitAsync(Stream input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 << 10];
        byte[] line = new byte[MaxLine];
        int length = 0;
        bool isBegun = false;
        for (int got; (got = await input.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            for (int i = 0; i < got; i++)
            {
                isBegun = true;
                if (buffer[i] == '\n')
                {
                    yield return line.AsMemory(0, length).ToArray();
                    length = 0;
                    isBegun = false;
                }
                else if (length < MaxLine) line[length++] = buffer[i];
            }
        }

        if (isBegun) yield return line.AsMemory(0, length).ToArray();
    }

    /// <summary>What one line says.</summary>
    /// <param name="entry">Null: the line is empty, a comment, or wrong.</param>
    /// <returns>What is wrong with it, in sendmail's words; null: nothing.</returns>
    public string? Read(ReadOnlySpan<byte> line, out KeyValuePair<byte[], byte[]>? entry)
    {
        entry = null;
        // A NUL ends the text for sendmail's reader, which then misses the line's end.
        if (line.Length >= MaxLine - 1 || line.Contains((byte)0)) return "line too long (1024 bytes max)";
        if (line.IsEmpty || line[0] == Comment) return null;
        if (IsBlank(line[0])) return "syntax error (leading space)";
        int end = 0;
        while (end < line.Length && !Separates(line[end])) end++;
        int value = end;
        while (value < line.Length && Separates(line[value])) value++;
        if (value == line.Length && !TakesEmptyValues) return $"no RHS for LHS {Encoding.UTF8.GetString(line[..end])}";
        entry = new(MapTool.Octets(line[..end], KeepsCase, EndsInNul), MapTool.Octets(line[value..], keepsCase: true, EndsInNul));
        return null;
    }

    private static bool IsBlank(byte octet) => octet is (byte)' ' or >= (byte)'\t' and <= (byte)'\r';

    private bool Separates(byte octet) => Delimiter is { } delimiter ? octet == delimiter : IsBlank(octet);
}
