using System.Buffers;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Postrider.Mta.Delivery;

/// <summary>One message on its way into one Maildir, in the hands of a batch.</summary>
/// <param name="Attempt">What is delivered; its host is the mailbox.</param>
/// <param name="Name">The file's name in <c>tmp</c> and in <c>new</c>.</param>
/// <param name="Content">Read once, on the batch's thread.</param>
internal sealed record MaildirDelivery(DeliveryAttempt Attempt, string Name, Stream Content)
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the message is in <c>new</c> on stable storage, or with what hindered it.</summary>
    public Task Done => done.Task;

    public bool IsOpen => !done.Task.IsCompleted;

    public void Succeed() => done.TrySetResult();

    public void Fail(Exception e) => done.TrySetException(e);

    /// <summary>Return-Path and the content with LF line ends.</summary>
    public void CopyTo(SafeFileHandle file)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(65536);
        try
        {
            int held = Encoding.UTF8.GetBytes($"Return-Path: {Attempt.Envelope.ReversePath}\n", buffer);
            long written = 0;
            bool endsInCr = false;
            while (true)
            {
                int read = Content.Read(buffer.AsSpan(held));
                if (read == 0) break;

                // A CR at the very end waits for its LF in the next piece.
                int length = held + LineFeeds.Compact(buffer.AsSpan(held - (endsInCr ? 1 : 0), read + (endsInCr ? 1 : 0))) - (endsInCr ? 1 : 0);
                endsInCr = length > 0 && buffer[length - 1] == '\r';
                if (buffer.Length - length > 4096) held = length;
                else
                {
                    int whole = endsInCr ? length - 1 : length;
                    RandomAccess.Write(file, buffer.AsSpan(0, whole), written);
                    written += whole;
                    if (endsInCr) buffer[0] = (byte)'\r';
                    held = length - whole;
                }
            }

            RandomAccess.Write(file, buffer.AsSpan(0, held), written);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
