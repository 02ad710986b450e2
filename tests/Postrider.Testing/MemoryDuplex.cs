namespace Postrider.Testing;

/// <summary>Two streams back to back: what one writes the other reads. A reader goes on inside the write that it waited for, so a test is in step with what it drives and never has to sleep.</summary>
public sealed class MemoryDuplex
{
    private readonly Channel toServer = new();
    private readonly Channel toClient = new();

    public MemoryDuplex()
    {
        Client = new End(toClient, toServer);
        Server = new End(toServer, toClient);
    }

    public Stream Client { get; }

    public Stream Server { get; }

    /// <summary>Octets that the client has written and the server has not read.</summary>
    public int Unread => toServer.Count;

    /// <summary>The server waits for the client.</summary>
    public bool IsServerWaiting => toServer.IsAwaited;

    /// <summary>The client says no more; the server reads the end.</summary>
    public void CloseClient() => toServer.Close();

    /// <summary>The server's end is closed; the client reads the end after what was sent.</summary>
    public void CloseServer() => toClient.Close();

    private sealed class Channel
    {
        private readonly Lock gate = new();
        private readonly Queue<byte> octets = new();
        private TaskCompletionSource<int>? waiting;
        private Memory<byte> target;
        private bool isClosed;

        public int Count { get { lock (gate) return octets.Count; } }

        public bool IsAwaited { get { lock (gate) return waiting is not null; } }

        public void Write(ReadOnlySpan<byte> span)
        {
            lock (gate)
            {
                if (isClosed) throw new IOException("the other end is closed");
                foreach (byte octet in span) octets.Enqueue(octet);
            }

            Wake();
        }

        public void Close()
        {
            lock (gate) isClosed = true;
            Wake();
        }

        public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TaskCompletionSource<int> mine;
            lock (gate)
            {
                if (octets.Count > 0 || isClosed) return Take(into);
                if (waiting is not null) throw new InvalidOperationException("two readers");
                waiting = mine = new TaskCompletionSource<int>();
                target = into;
            }

            await using CancellationTokenRegistration registration = cancellationToken.Register(() =>
            {
                lock (gate)
                {
                    if (waiting != mine) return;
                    waiting = null;
                }

                mine.TrySetCanceled(cancellationToken);
            });
            return await mine.Task;
        }

        private void Wake()
        {
            TaskCompletionSource<int>? reader;
            int taken;
            lock (gate)
            {
                if (waiting is null || (octets.Count == 0 && !isClosed)) return;
                reader = waiting;
                waiting = null;
                taken = Take(target);
            }

            reader.TrySetResult(taken);
        }

        private int Take(Memory<byte> into)
        {
            int count = Math.Min(into.Length, octets.Count);
            for (int i = 0; i < count; i++) into.Span[i] = octets.Dequeue();
            return count;
        }
    }

    private sealed class End(Channel from, Channel to) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => from.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            from.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            to.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

        public override void Write(byte[] buffer, int offset, int count) => to.Write(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
