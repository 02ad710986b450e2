using System.Text;

namespace Postrider.Mta.Logging;

/// <summary>Lines to a stream, usually standard error: <c>Nov 21 01:02:03 host postrider[123]: text</c>.</summary>
/// <param name="stream">Not disposed.</param>
/// <param name="hostName">Up to its first dot, as syslog files have it.</param>
/// <param name="tag"><c>-L</c>.</param>
public sealed class StreamLogSink(Stream stream, string hostName, string tag) : ILogLineSink
{
    private readonly LogLineHead head = new(hostName.Split('.', 2)[0], tag);
    private byte[] buffer = new byte[16384];
    private int length;

    public void Write(DateTimeOffset time, int severity, string text)
    {
        string start = head.For(time);
        int most = Encoding.UTF8.GetMaxByteCount(start.Length + text.Length) + 1;
        if (length + most > buffer.Length) Flush();
        if (most > buffer.Length) buffer = new byte[most];
        length += Encoding.UTF8.GetBytes(start, buffer.AsSpan(length));
        length += Encoding.UTF8.GetBytes(text, buffer.AsSpan(length));
        buffer[length++] = (byte)'\n';
    }

    public void Flush()
    {
        int octets = length;
        length = 0;
        if (octets == 0) return;
        try
        {
            stream.Write(buffer, 0, octets);
            stream.Flush();
        }
        catch (IOException)
        {
            // Standard error is gone: there is nobody left to tell.
        }
    }

    public void Dispose() => Flush();
}
