using System.Globalization;
using System.Text;
using Postrider.Mail;

namespace Postrider.Cli.Submission;

/// <summary>The sending side of a dialogue, line by line, for applets that show what is said: <c>sendmail -v</c> and the demo.</summary>
/// <remarks>Delivery uses SmtpClientSession; this has no pipelining and no opinion. Used by one task at a time.</remarks>
/// <param name="sent">Sees each command; null: nobody looks.</param>
/// <param name="received">Sees each line of a reply.</param>
internal sealed class SmtpDialogue(Stream stream, Action<string>? sent = null, Action<string>? received = null)
{
    private const int MaxLine = 64 * 1024;
    private readonly byte[] buffer = new byte[16 * 1024];
    private Stream stream = stream;
    private int start;
    private int end;

    public Stream Stream => stream;

    /// <summary>Goes on over another stream (TLS), forgetting what was buffered.</summary>
    /// <exception cref="IOException">Something was sent in clear behind the reply to STARTTLS.</exception>
    public void Continue(Stream next)
    {
        if (start != end) throw new IOException("octets in clear behind the reply to STARTTLS");
        stream = next;
    }

    /// <param name="shown">What to show instead, for lines that hold a secret.</param>
    public async ValueTask<SmtpReply> CommandAsync(string line, CancellationToken cancellationToken, string? shown = null)
    {
        if (line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) throw new ArgumentException("a command holds a line end", nameof(line));
        sent?.Invoke(shown ?? line);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        return await ReadReplyAsync(cancellationToken);
    }

    /// <summary>Sends content with its dots stuffed and the end mark.</summary>
    /// <param name="content">CRLF lines.</param>
    public async ValueTask<SmtpReply> ContentAsync(Stream content, CancellationToken cancellationToken)
    {
        byte[] read = new byte[32 * 1024];
        byte[] stuffed = new byte[(64 * 1024) + 3];
        bool atLineStart = true;
        int count;
        while ((count = await content.ReadAsync(read, cancellationToken)) > 0)
        {
            int length = 0;
            foreach (byte octet in read.AsSpan(0, count))
            {
                if (atLineStart && octet == '.') stuffed[length++] = (byte)'.';
                stuffed[length++] = octet;
                atLineStart = octet == '\n';
            }

            await stream.WriteAsync(stuffed.AsMemory(0, length), cancellationToken);
        }

        if (!atLineStart) await stream.WriteAsync("\r\n"u8.ToArray(), cancellationToken);
        return await CommandAsync(".", cancellationToken);
    }

    /// <exception cref="IOException">The peer is gone, or does not speak SMTP.</exception>
    public async ValueTask<SmtpReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        List<string> lines = [];
        EnhancedStatusCode? status = null;
        while (true)
        {
            string line = await ReadLineAsync(cancellationToken);
            received?.Invoke(line);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int code) || code is < 200 or > 599)
            {
                throw new IOException($"not a reply: {line}");
            }

            string text = line.Length > 4 ? line[4..] : "";
            int prefix = code is >= 300 and < 400 ? 0 : EnhancedStatusCode.TryParsePrefix(text, out EnhancedStatusCode parsed) is > 0 and int length ? Keep(parsed, length) : 0;
            lines.Add(text[prefix..].TrimStart(' '));
            if (line.Length == 3 || line[3] != '-') return new SmtpReply(code, status, lines);
        }

        int Keep(EnhancedStatusCode parsed, int length)
        {
            status = parsed;
            return length;
        }
    }

    private async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        StringBuilder line = new();
        while (true)
        {
            int at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            int take = at < 0 ? end - start : at;
            line.Append(Encoding.UTF8.GetString(buffer, start, take));
            start += at < 0 ? take : take + 1;
            if (at >= 0) return line.ToString().TrimEnd('\r').Replace('\0', ' ').Replace('\r', ' ');
            if (line.Length > MaxLine) throw new IOException("a reply line without end");
            start = 0;
            end = await stream.ReadAsync(buffer, cancellationToken);
            if (end == 0) throw new IOException("the connection was closed");
        }
    }
}
