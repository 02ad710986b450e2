using System.Buffers;
using System.Text;
using Postrider.Mail;

namespace Postrider.Smtp.Client;

/// <summary>Reads replies off a connection (RFC 5321 §4.2), within bounds: a peer cannot make it hold more than <see cref="MaxReply"/> octets.</summary>
/// <remarks>
/// Strict about codes: three digits of the ranges that RFC 5321 §4.2 gives, the same in every line, then a blank, a hyphen or the end of the line.
/// Lax about the end of a line: a bare LF ends it too, as in sendmail; old peers need it, and nothing can be smuggled into a reply that is only read by us.
/// Not thread-safe.
/// </remarks>
public sealed class SmtpReplyReader : IDisposable
{
    /// <summary>Longest reply line in octets, its end included: what sendmail reads. RFC 5321 §4.5.3.1.5 asks for 512.</summary>
    public const int MaxLine = 2048;

    /// <summary>Most lines of one reply. Ours; the longest EHLO replies in the field have some twenty.</summary>
    public const int MaxLines = 128;

    /// <summary>Most octets of one reply. Ours.</summary>
    public const int MaxReply = 32768;

    private readonly List<string> lines = [];
    private Stream stream;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int start;
    private int end;

    public SmtpReplyReader(Stream stream) => this.stream = stream;

    /// <summary>True: octets have come that no reply has used yet.</summary>
    public bool HasBuffered => end > start;

    /// <summary>Goes on with another stream: the layer that STARTTLS put over the old one. Nothing may be buffered.</summary>
    public void Continue(Stream next)
    {
        if (HasBuffered) throw new InvalidOperationException("octets in clear would be taken for octets of the TLS layer");
        stream = next;
    }

    /// <summary>The next reply, whole.</summary>
    /// <param name="enhanced">ENHANCEDSTATUSCODES was offered: the status is taken out of the text (RFC 2034 §4). Otherwise it stays in the text, as in sendmail's <c>stat=</c>.</param>
    /// <param name="phase">For the exception.</param>
    /// <exception cref="SmtpProtocolException">The peer closed, or sent what is no reply.</exception>
    public async ValueTask<SmtpReply> ReadAsync(bool enhanced, SmtpClientPhase phase, CancellationToken cancellationToken)
    {
        lines.Clear();
        int code = 0;
        int octets = 0;
        EnhancedStatusCode? status = null;
        while (true)
        {
            int length = await FillLineAsync(phase, cancellationToken);
            octets += length;
            ReadOnlySpan<byte> line = buffer.AsSpan(start, length);
            start += length;
            if (octets > MaxReply || lines.Count == MaxLines) throw Bad(phase, "the reply is too long");
            bool isLast = ParseLine(line, enhanced, phase, ref code, ref status);
            if (isLast) return new SmtpReply(code, status, lines.ToArray());
        }
    }

    public void Dispose()
    {
        byte[] rented = Interlocked.Exchange(ref buffer, []);
        if (rented.Length > 0) ArrayPool<byte>.Shared.Return(rented);
        start = end = 0;
    }

    private static SmtpProtocolException Bad(SmtpClientPhase phase, string what) => new(SmtpConnectionLoss.BadReply, phase, what);

    private bool ParseLine(ReadOnlySpan<byte> line, bool enhanced, SmtpClientPhase phase, ref int code, ref EnhancedStatusCode? status)
    {
        line = line[..^1];
        if (line is [.., (byte)'\r']) line = line[..^1];
        if (line.Length < 3 || line[0] is < (byte)'2' or > (byte)'5' || line[1] is < (byte)'0' or > (byte)'5' || line[2] is < (byte)'0' or > (byte)'9')
            throw Bad(phase, "a line does not begin with a reply code");
        int value = ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0');
        if (lines.Count > 0 && value != code) throw Bad(phase, "the lines of one reply have different codes");
        code = value;
        bool isLast = line.Length == 3 || line[3] == ' ';
        if (!isLast && line[3] != '-') throw Bad(phase, "a reply code is not followed by a blank or a hyphen");
        string text = line.Length > 4 ? Text(line[4..]) : "";
        if (enhanced && EnhancedStatusCode.TryParsePrefix(text, out EnhancedStatusCode given) is int read and > 0
            && given.Class == code / 100 && (read == text.Length || text[read] == ' '))
        {
            status ??= given;
            text = read == text.Length ? "" : text[(read + 1)..];
        }

        lines.Add(text);
        return isLast;
    }

    // What the peer sends ends in logs and notifications: no control character gets that far.
    private static string Text(ReadOnlySpan<byte> octets)
    {
        string text = Encoding.UTF8.GetString(octets);
        foreach (char c in text)
        {
            if (char.IsControl(c)) return string.Create(text.Length, text, static (target, source) =>
            {
                for (int i = 0; i < target.Length; i++) target[i] = char.IsControl(source[i]) ? '?' : source[i];
            });
        }

        return text;
    }

    /// <summary>Length of the next line in the buffer, its LF included, after reading as much as that needs.</summary>
    private async ValueTask<int> FillLineAsync(SmtpClientPhase phase, CancellationToken cancellationToken)
    {
        int searched = start;
        while (true)
        {
            int lf = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (lf >= 0)
            {
                int length = searched + lf + 1 - start;
                return length <= MaxLine ? length : throw Bad(phase, "a reply line is too long");
            }

            if (end - start >= MaxLine) throw Bad(phase, "a reply line is too long");
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
                start = 0;
            }

            searched = end;
            int read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (read == 0) throw new SmtpProtocolException(SmtpConnectionLoss.Closed, phase, "the peer closed the connection");
            end += read;
        }
    }
}
