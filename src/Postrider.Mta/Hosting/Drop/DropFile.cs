using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting.Drop;

/// <summary>A dropped message, opened by the daemon after every check that can be made before its content is read.</summary>
internal sealed class DropFile : IDisposable
{
    private readonly FileStream stream;
    private readonly IncrementalHash hash;

    private DropFile(FileStream stream, IncrementalHash hash, DropEnvelope envelope, DropContent content, long octets)
    {
        this.stream = stream;
        this.hash = hash;
        Envelope = envelope;
        Content = content;
        Octets = octets;
    }

    public DropEnvelope Envelope { get; }

    public DropContent Content { get; }

    /// <summary>Of the whole file.</summary>
    public long Octets { get; }

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
        reason = Fault(facts, settings);
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

    public void Dispose()
    {
        stream.Dispose();
        hash.Dispose();
    }

    private static string? Fault(FileFacts facts, DropSettings settings)
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

        byte[]? line = ReadLine(stream, length);
        if (line is null)
        {
            reason = "envelope: too long or without end";
            return null;
        }

        DropEnvelope? envelope = DropEnvelope.Parse(line, out reason);
        if (envelope is null) return null;
        if (envelope.Uid != facts.Uid)
        {
            reason = $"owner is {facts.Uid}, the envelope says {envelope.Uid}";
            return null;
        }

        long contentOctets = length - line.Length - 1;
        if (settings.MaxMessageSize > 0 && contentOctets > settings.MaxMessageSize)
        {
            reason = "above MaxMessageSize";
            return null;
        }

        IncrementalHash running = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        running.AppendData(line);
        running.AppendData("\n"u8);
        return new DropFile(stream, running, envelope, new DropContent(stream, running, contentOctets, expected), facts.Size);
    }

    /// <summary>The envelope line, without its end; leaves the stream behind it.</summary>
    private static byte[]? ReadLine(FileStream stream, long length)
    {
        MemoryStream line = new();
        byte[] block = new byte[4096];
        long start = stream.Position;
        while (line.Length <= Math.Min(length, DropEnvelope.MaxOctets))
        {
            int read = stream.Read(block);
            if (read == 0) return null;
            int end = block.AsSpan(0, read).IndexOf((byte)'\n');
            line.Write(block, 0, end < 0 ? read : end);
            if (end < 0) continue;
            stream.Position = start + line.Length + 1;
            return line.ToArray();
        }

        return null;
    }
}
