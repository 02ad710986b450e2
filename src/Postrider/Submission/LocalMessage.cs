using System.Buffers;
using Postrider.Mail.Headers;
using Postrider.Mta.Hosting;

namespace Postrider.Cli.Submission;

/// <summary>The message a program gave on standard input: header section in memory, body spooled; lines end in CRLF.</summary>
/// <remarks>Read to its end before anything is sent, so that a daemon that goes away in the middle costs nothing: the drop directory takes it instead.</remarks>
internal sealed class LocalMessage : IAsyncDisposable
{
    private const int InMemory = 1 << 20;
    private static readonly string[] VisibleRecipients = ["To", "Cc", "Apparently-To", "Resent-To", "Resent-Cc"];
    private readonly Stream body;

    private LocalMessage(HeaderSection header, Stream body)
    {
        Header = header;
        this.body = body;
    }

    public HeaderSection Header { get; }

    /// <summary>Octets of the whole content as it will be sent.</summary>
    public long Octets => Header.Octets + 2 + body.Length;

    /// <param name="ignoreDots">-i: a line with a single dot does not end the message.</param>
    public static async Task<LocalMessage> ReadAsync(Stream input, bool ignoreDots, CancellationToken cancellationToken)
    {
        CrlfFraming framing = new();
        DotEnd dot = new();
        HeaderSectionReader reader = new(new HeaderSectionLimits(MaxOctets: 1 << 20, MaxLines: 20_000));
        Stream spool = new MemoryStream();
        byte[] raw = new byte[32 * 1024];
        byte[] lines = new byte[(64 * 1024) + 2];
        byte[] passed = new byte[lines.Length + 2];
        bool isAtEnd = false;
        while (!isAtEnd)
        {
            int read = await input.ReadAsync(raw, cancellationToken);
            isAtEnd = read == 0;
            int length = isAtEnd ? framing.Finish(lines) : framing.Write(raw.AsSpan(0, read), lines);
            ReadOnlyMemory<byte> slice = lines.AsMemory(0, length);
            if (!ignoreDots)
            {
                int count = dot.Pass(slice.Span, passed);
                if (isAtEnd) count += dot.Release(passed.AsSpan(count));
                slice = passed.AsMemory(0, count);
                isAtEnd |= dot.IsReached;
            }

            if (reader.State == HeaderSectionState.Reading)
            {
                int taken = reader.Feed(slice.Span);
                slice = slice[taken..];
                if (reader.State is HeaderSectionState.TooManyOctets or HeaderSectionState.TooManyLines) throw new Options.UsageException("Headers too large", SysExit.DataError);
                if (reader.State == HeaderSectionState.Complete) await spool.WriteAsync(reader.BodyPrefix, cancellationToken);
            }

            if (spool is MemoryStream && spool.Length + slice.Length > InMemory) spool = await ToFileAsync(spool, cancellationToken);
            await spool.WriteAsync(slice, cancellationToken);
        }

        if (reader.State == HeaderSectionState.Reading)
        {
            reader.End();
            await spool.WriteAsync(reader.BodyPrefix, cancellationToken);
        }

        return new LocalMessage(reader.Section, spool);
    }

    /// <summary>Recipients of -t, as sendmail takes them.</summary>
    public AddressList Recipients() => AddressList.Recipients(Header);

    /// <summary>-t: the blind copies are read, then not shown to anybody. An empty Bcc stays where no other field names a recipient (oracle 82).</summary>
    public void RemoveBlindCopies()
    {
        bool hasOther = VisibleRecipients.Any(name => Header.Contains(name));
        Header.Remove("Resent-Bcc");
        int first = Header.IndexOf("Bcc");
        Header.Remove("Bcc");
        if (first >= 0 && !hasOther) Header.Insert(Math.Min(first, Header.Count), HeaderField.Of("Bcc", ""));
    }

    /// <summary>The content from its beginning. One at a time.</summary>
    public Stream OpenContent()
    {
        ArrayBufferWriter<byte> head = new();
        Header.WriteTo(head);
        body.Position = 0;
        return new JoinedStream([new MemoryStream(head.WrittenSpan.ToArray()), body]);
    }

    public ValueTask DisposeAsync() => body.DisposeAsync();

    private static async Task<Stream> ToFileAsync(Stream memory, CancellationToken cancellationToken)
    {
        string path = Path.Combine(Path.GetTempPath(), "postrider." + Guid.NewGuid().ToString("N"));
        FileStream file = new(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        memory.Position = 0;
        await memory.CopyToAsync(file, cancellationToken);
        await memory.DisposeAsync();
        return file;
    }
}
