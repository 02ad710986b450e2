using System.IO.Pipelines;
using System.Text;

namespace Postrider.Tests.Smtp.Client;

/// <summary>The other side of a client session, in memory, from a dialogue: S: lines are sent, C: lines are expected exactly; CLOSE ends the connection, SILENT waits until the client goes.</summary>
internal sealed class ScriptedPeer
{
    private readonly Pipe toClient = new();
    private readonly Pipe fromClient = new();
    private readonly string[] script;

    public ScriptedPeer(string dialogue)
    {
        script = dialogue.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        ClientSide = new PipeStream(toClient.Reader, fromClient.Writer);
    }

    public Stream ClientSide { get; }

    /// <summary>Completed when SILENT is reached.</summary>
    public TaskCompletionSource Silent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task RunAsync()
    {
        Stream output = toClient.Writer.AsStream();
        StringBuilder group = new();
        foreach (string step in script)
        {
            if (step.StartsWith("S:", StringComparison.Ordinal))
            {
                if (group.Length == 0) await RequireQuietAsync(step);
                group.Append(step.AsSpan(3)).Append("\r\n");
                continue;
            }

            await FlushAsync();
            if (step == "CLOSE") await toClient.Writer.CompleteAsync();
            else if (step == "RESET") { await fromClient.Reader.CompleteAsync(new IOException("reset")); await toClient.Writer.CompleteAsync(new IOException("reset")); return; }
            else if (step == "SILENT") Silent.TrySetResult();
            else if (step == "END") Assert.Equal("", await LineAsync());
            else if (step.EndsWith(" *", StringComparison.Ordinal)) Assert.StartsWith(step[3..^1], await LineAsync(), StringComparison.Ordinal);
            else Assert.Equal(step.Length > 3 ? step[3..] : "", await LineAsync());
        }

        await FlushAsync();

        async Task FlushAsync()
        {
            if (group.Length == 0) return;
            await output.WriteAsync(Encoding.UTF8.GetBytes(group.ToString()));
            group.Clear();
        }
    }

    private async Task RequireQuietAsync(string step)
    {
        if (!fromClient.Reader.TryRead(out ReadResult early)) return;
        string text = Encoding.UTF8.GetString(early.Buffer);
        fromClient.Reader.AdvanceTo(early.Buffer.Start);
        Assert.True(text.Length == 0, $"the client said <{text}> before it was told <{step}>");
        await Task.CompletedTask;
    }

    private async Task<string> LineAsync()
    {
        while (true)
        {
            ReadResult read = await fromClient.Reader.ReadAsync();
            string text = Encoding.UTF8.GetString(read.Buffer);
            int end = text.IndexOf("\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                fromClient.Reader.AdvanceTo(read.Buffer.GetPosition(Encoding.UTF8.GetByteCount(text.AsSpan(0, end + 2))));
                return text[..end];
            }

            fromClient.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return text;
        }
    }

    private sealed class PipeStream(PipeReader reader, PipeWriter writer) : Stream
    {
        private readonly Stream input = reader.AsStream();
        private readonly Stream output = writer.AsStream();

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => input.ReadAsync(buffer, cancellationToken);
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => await output.WriteAsync(buffer, cancellationToken);
        public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) { input.Dispose(); output.Dispose(); }
            base.Dispose(disposing);
        }
    }
}
