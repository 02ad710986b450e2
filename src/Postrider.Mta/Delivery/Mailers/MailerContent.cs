using System.Buffers;
using System.Globalization;
using System.Text;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>A message as a program or a file of a mailer gets it, in a file without a name that goes when it is closed.</summary>
/// <remarks>A file, not a pipe: whoever runs the program, perhaps the monitor, reads nothing of the message and passes on a descriptor; and a program that reads slowly holds nobody.</remarks>
internal static class MailerContent
{
    /// <param name="head">What stands before the header section: the From_ line and Return-Path, LF lines. Empty: nothing.</param>
    /// <param name="content">CRLF lines.</param>
    /// <param name="directory">Of the file system that has the room.</param>
    public static async ValueTask<FileStream> WriteAsync(MailerDefinition mailer, string head, Stream content, string directory, CancellationToken cancellationToken)
    {
        string path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $".mailer-{Environment.ProcessId}-{Guid.NewGuid():N}"));
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        FileStream file = new(path, options);
        try
        {
            File.Delete(path);
            MailerLineWriter writer = new(mailer, file);
            await writer.WriteAsync(Encoding.UTF8.GetBytes(head), cancellationToken);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(65536);
            try
            {
                for (int read = await content.ReadAsync(buffer, cancellationToken); read > 0; read = await content.ReadAsync(buffer, cancellationToken))
                    await writer.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            await writer.FinishAsync(cancellationToken);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
