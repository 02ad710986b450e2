using System.Text.Json;

namespace Postrider.Mta.Hosting.Control;

/// <summary>Lines of JSON on a stream, capped.</summary>
internal static class ControlLines
{
    /// <returns>Null at the end of the stream, or when the line is longer than <paramref name="max"/>.</returns>
    public static async ValueTask<byte[]?> ReadAsync(Stream stream, int max, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            // One request per connection: octet by octet is not needed, whatever follows the line is nobody's.
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) return null;
            int end = buffer.AsSpan(length, read).IndexOf((byte)'\n');
            if (end >= 0) return buffer.AsSpan(0, length + end).ToArray();
            length += read;
            if (length >= max) return null;
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(max, buffer.Length * 2));
        }
    }

    public static async ValueTask WriteAsync(Stream stream, ControlAnswer answer, CancellationToken cancellationToken)
    {
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(answer, ControlJson.Default.ControlAnswer);
        Array.Resize(ref line, line.Length + 1);
        line[^1] = (byte)'\n';
        await stream.WriteAsync(line, cancellationToken);
    }

    public static async ValueTask WriteAsync(Stream stream, ControlRequest request, CancellationToken cancellationToken)
    {
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Default.ControlRequest);
        Array.Resize(ref line, line.Length + 1);
        line[^1] = (byte)'\n';
        await stream.WriteAsync(line, cancellationToken);
    }
}
