using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;

namespace Postrider.Smtp.Server;

/// <summary>
/// The octets of one session: what has arrived and is not read yet, in one contiguous buffer; what is to go out; and the deadline of the present wait.
/// </summary>
/// <remarks>
/// Output is flushed only when the session has to wait for input, so many replies leave in one write (RFC 2920 §3.2).
/// An idle session holds no buffer: it waits in a zero-byte read. One caller at a time.
/// </remarks>
internal sealed class SmtpWire : IAsyncDisposable
{
    private const int Narrow = 4 * 1024;
    private const int Wide = 64 * 1024;
    private const int FlushAt = 32 * 1024;

    private readonly CancellationTokenSource cancel;
    private readonly ITimer timer;
    private readonly TimeSpan writeTimeout;
    private readonly Stream transport;
    private PipeWriter output;
    private byte[]? buffer;
    private int start;
    private int end;
    private Task<int>? hearing;
    private bool wasFilled;
    private bool isArmed;
    private TimeSpan deadline = Timeout.InfiniteTimeSpan;

    public SmtpWire(Stream transport, TimeProvider clock, TimeSpan writeTimeout, CancellationToken stop)
    {
        this.transport = Stream = transport;
        this.writeTimeout = writeTimeout;
        cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timer = clock.CreateTimer(static wire => ((SmtpWire)wire!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        output = PipeWriter.Create(transport, new StreamPipeWriterOptions(leaveOpen: true));
    }

    /// <summary>The transport, or the TLS layer over it.</summary>
    public Stream Stream { get; private set; }

    /// <summary>Cancelled by the caller's stop and by the deadline; <see cref="HasTimedOut"/> tells them apart.</summary>
    public CancellationToken Token => cancel.Token;

    public bool HasTimedOut { get; private set; }

    /// <summary>The peer is gone, or cannot be written to any more.</summary>
    public bool IsLost { get; private set; }

    public ReadOnlyMemory<byte> Buffered => buffer.AsMemory(start, end - start);

    public bool HasBuffered => end > start;

    public IBufferWriter<byte> Output => output;

    public void Consume(int octets) => start += octets;

    /// <summary>The deadline of the waits to come, counted from the first that really waits. <see cref="Timeout.InfiniteTimeSpan"/>: none.</summary>
    public void SetDeadline(TimeSpan after)
    {
        if (isArmed) timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        isArmed = false;
        deadline = after;
    }

    /// <summary>Starts the deadline now, for a wait that happens elsewhere (a TLS handshake).</summary>
    public void Arm()
    {
        if (isArmed || deadline == Timeout.InfiniteTimeSpan) return;
        isArmed = true;
        timer.Change(deadline, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for more octets, behind those that are buffered.</summary>
    /// <param name="isIdle">Nothing is going on: hold no buffer while waiting.</param>
    /// <returns>False: the peer has closed, or is lost.</returns>
    /// <exception cref="OperationCanceledException">The deadline passed, or the session is to stop.</exception>
    public async ValueTask<bool> FillAsync(bool isIdle)
    {
        await FlushAsync();
        if (IsLost) return false;
        try
        {
            if (hearing is { } heard)
            {
                hearing = null;
                await WaitAsync(new ValueTask<int>(heard));
            }

            MakeRoom(isIdle);
            if (buffer is null)
            {
                await WaitAsync(Stream.ReadAsync(Memory<byte>.Empty, Token));
                buffer = ArrayPool<byte>.Shared.Rent(Narrow);
            }

            int read = await WaitAsync(Stream.ReadAsync(buffer.AsMemory(end), Token));
            end += read;
            wasFilled = end == buffer.Length;
            IsLost = read == 0;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            IsLost = true;
        }

        return !IsLost;
    }

    /// <summary>Whether the peer says anything (or goes) within this time. Nothing is read: a later <see cref="FillAsync"/> does that.</summary>
    public async ValueTask<bool> HearsWithinAsync(TimeSpan time, TimeProvider clock)
    {
        if (HasBuffered) return true;
        hearing = Stream.ReadAsync(Memory<byte>.Empty, Token).AsTask();
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task first = await Task.WhenAny(hearing, Task.Delay(time, clock, done.Token));
        await done.CancelAsync();
        return first == hearing;
    }

    /// <summary>Sends what is written when there is much of it, so that a peer that never reads cannot make it grow.</summary>
    public ValueTask RelieveAsync() => output.UnflushedBytes >= FlushAt ? FlushAsync() : ValueTask.CompletedTask;

    public async ValueTask FlushAsync()
    {
        if (output.UnflushedBytes == 0 || IsLost) return;
        try
        {
            ValueTask<FlushResult> flush = output.FlushAsync(Token);
            if (flush.IsCompletedSuccessfully)
            {
                _ = flush.Result;
                return;
            }

            TimeSpan saved = deadline;
            SetDeadline(writeTimeout);
            Arm();
            await flush;
            SetDeadline(saved);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            IsLost = true;
        }
    }

    /// <summary>The last words, after the session's own token may have been cancelled; a peer that does not take them in time loses them.</summary>
    public async ValueTask FlushLastAsync(CancellationToken patience)
    {
        if (output.UnflushedBytes == 0 || IsLost) return;
        try
        {
            await output.FlushAsync(patience);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            IsLost = true;
        }
    }

    /// <summary>Nothing can be said any more: the stream is in an unknown state.</summary>
    public void Lose() => IsLost = true;

    /// <summary>Goes on over <paramref name="layer"/>. Nothing may be buffered: octets that came before the layer are not part of what it protects.</summary>
    public async ValueTask UpgradeAsync(Stream layer)
    {
        if (HasBuffered || output.UnflushedBytes > 0) throw new InvalidOperationException("octets of the clear text would cross into TLS");
        await output.CompleteAsync();
        Stream = layer;
        output = PipeWriter.Create(layer, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        if (!ReferenceEquals(Stream, transport))
        {
            try
            {
                if (Stream is SslStream { IsAuthenticated: true } tls && !IsLost) await tls.ShutdownAsync();
                await Stream.DisposeAsync();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                IsLost = true;
            }
        }

        if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = null;
        cancel.Dispose();
    }

    private async ValueTask<int> WaitAsync(ValueTask<int> read)
    {
        if (!read.IsCompleted) Arm();
        return await read;
    }

    private void MakeRoom(bool isIdle)
    {
        if (start == end)
        {
            start = end = 0;
            if (buffer is not null && (isIdle || (wasFilled && buffer.Length < Wide)))
            {
                int next = buffer.Length >= Wide ? Wide : buffer.Length * 4;
                ArrayPool<byte>.Shared.Return(buffer, clearArray: isIdle);
                buffer = isIdle ? null : ArrayPool<byte>.Shared.Rent(next);
            }
        }
        else if (end == buffer!.Length)
        {
            byte[] target = start > 0 ? buffer : ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            Buffer.BlockCopy(buffer, start, target, 0, end - start);
            if (!ReferenceEquals(target, buffer)) ArrayPool<byte>.Shared.Return(buffer);
            buffer = target;
            end -= start;
            start = 0;
        }

        // In the middle of something a buffer is wanted at once: the second read of an idle wait would cost a system call per command.
        if (!isIdle) buffer ??= ArrayPool<byte>.Shared.Rent(Narrow);
    }

    private void Expire()
    {
        HasTimedOut = true;
        try
        {
            cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The session ended while the clock struck.
        }
    }
}
