using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting.Drop;

/// <summary>A dropped message, opened by the daemon after every check that can be made before its content is read.</summary>
internal sealed class DropFile : IDisposable
{
    private readonly FileStream stream;
    private readonly byte[] line;
    private readonly byte[] expected;
    private readonly long contentOctets;
    private DropContent? content;

    private DropFile(FileStream stream, DropEnvelope envelope, byte[] line, byte[] expected, long contentOctets)
    {
        this.stream = stream;
        this.line = line;
        this.expected = expected;
        this.contentOctets = contentOctets;
        Envelope = envelope;
    }

    public DropEnvelope Envelope { get; }

    /// <summary>Of the whole file.</summary>
    public long Octets => ContentStart + contentOctets;

    /// <summary>What reading the content found wrong with it; null: nothing so far.</summary>
    public string? Fault => content?.Fault;

    private long ContentStart => DropHead.Octets + line.Length + 1;

    /// <summary>The content from its beginning; one at a time.</summary>
    public DropContent OpenContent()
    {
        stream.Position = ContentStart;
        content = new DropContent(stream, line, contentOctets, expected);
        return content;
    }

    /// <returns>Null with the reason when the file is not what a submitter leaves there.</returns>
    public static DropFile? Open(string path, DropSettings settings, out string? reason)
    {
        // O_NONBLOCK: a FIFO somebody put there must not stop the daemon.
        int flags = PosixCalls.OpenReadOnly | PosixCalls.OpenNoFollow | PosixCalls.OpenNonBlocking | PosixCalls.OpenCloseOnExec;
        int descriptor = PosixCalls.Open(path, flags, 0);
        if (descriptor < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            reason = error == PosixCalls.Loop ? "symbolic link" : Marshal.GetPInvokeErrorMessage(error);
            return null;
        }

        SafeFileHandle handle = new(descriptor, ownsHandle: true);
        FileFacts facts = FileFacts.Of(handle);
        reason = FaultOf(facts, settings);
        if (reason is not null)
        {
            handle.Dispose();
            return null;
        }

        FileStream opened = new(handle, FileAccess.Read, bufferSize: 0);
        DropFile? file = null;
        try
        {
            file = Read(opened, facts, settings, out reason);
            return file;
        }
        finally
        {
            if (file is null) opened.Dispose();
        }
    }

    public void Dispose() => stream.Dispose();

    private static string? FaultOf(FileFacts facts, DropSettings settings)
    {
        const uint OthersMayWrite = 0x12; // 022
        if (!facts.IsRegular) return "not a regular file";
        if (facts.Links != 1) return $"{facts.Links} links";
        if ((facts.Permissions & OthersMayWrite) != 0) return "writable by others than its owner";
        return settings.MaxMessageSize > 0 && facts.Size > settings.MaxMessageSize + DropHead.Octets + DropEnvelope.MaxOctets
            ? "above MaxMessageSize"
            : null;
    }

    private static DropFile? Read(FileStream stream, FileFacts facts, DropSettings settings, out string? reason)
    {
        byte[] head = new byte[DropHead.Octets];
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) != head.Length || !DropHead.TryParse(head, out long length, out byte[] expected))
        {
            reason = "no head: unfinished, or not written by postrider";
            return null;
        }

        if (facts.Size != DropHead.Octets + length)
        {
            reason = $"truncated or grown: {facts.Size - DropHead.Octets} octets where its head says {length}";
            return null;
        }

        byte[]? first = ReadLine(stream, length);
        if (first is null)
        {
            reason = "envelope: too long or without end";
            return null;
        }

        DropEnvelope? envelope = DropEnvelope.Parse(first, out reason);
        if (envelope is null) return null;
        if (first.Length >= length)
        {
            reason = "it grew while it was read"; // its owner writes to it still
            return null;
        }

        if (envelope.Uid != facts.Uid)
        {
            reason = $"owner is {facts.Uid}, the envelope says {envelope.Uid}";
            return null;
        }

        long octets = length - first.Length - 1;
        if (settings.MaxMessageSize > 0 && octets > settings.MaxMessageSize)
        {
            reason = "above MaxMessageSize";
            return null;
        }

        return new DropFile(stream, envelope, first, expected, octets);
    }

    /// <summary>The envelope line, without its end.</summary>
    private static byte[]? ReadLine(FileStream stream, long length)
    {
        MemoryStream read = new();
        byte[] block = new byte[4096];
        while (read.Length <= Math.Min(length, DropEnvelope.MaxOctets))
        {
            int count = stream.Read(block);
            if (count == 0) return null;
            int end = block.AsSpan(0, count).IndexOf((byte)'\n');
            read.Write(block, 0, end < 0 ? count : end);
            if (end >= 0) return read.ToArray();
        }

        return null;
    }
}
