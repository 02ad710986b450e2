using System.Buffers;
using System.Globalization;
using System.Text;
using Postrider.Mail;

namespace Postrider.Smtp.Grammar;

/// <summary>A reply as octets: <c>250-2.1.5 text CRLF</c> for each line but the last, which has a blank after the code (RFC 5321 §4.2.1).</summary>
/// <remarks>Writes straight into the output's buffer; nothing is allocated per line. An empty text leaves <c>334 </c> with its blank, as sendmail does (oracle 31).</remarks>
public static class SmtpReplyWriter
{
    // Code, separator, status of at most 1+1+3+1+3 digits and a blank, CRLF.
    private const int MaxFrame = 3 + 1 + 9 + 1 + 2;

    public static void Write(IBufferWriter<byte> output, SmtpReply reply)
    {
        IReadOnlyList<string> lines = reply.Lines;
        for (int i = 0; i < lines.Count; i++) WriteLine(output, reply, lines[i], last: i == lines.Count - 1);
    }

    private static void WriteLine(IBufferWriter<byte> output, SmtpReply reply, string text, bool last)
    {
        Span<byte> span = output.GetSpan(MaxFrame + Encoding.UTF8.GetMaxByteCount(text.Length));
        int at = Number(span, reply.Code);
        span[at++] = last ? (byte)' ' : (byte)'-';
        if (reply.Status is { } status)
        {
            at += Number(span[at..], status.Class);
            span[at++] = (byte)'.';
            at += Number(span[at..], status.Subject);
            span[at++] = (byte)'.';
            at += Number(span[at..], status.Detail);
            span[at++] = (byte)' ';
        }

        at += Encoding.UTF8.GetBytes(text, span[at..]);
        span[at++] = (byte)'\r';
        span[at++] = (byte)'\n';
        output.Advance(at);
    }

    private static int Number(Span<byte> span, int number) =>
        number.TryFormat(span, out int written, provider: CultureInfo.InvariantCulture) ? written : throw new ArgumentOutOfRangeException(nameof(number));
}
