using System.Security.Cryptography;
using Postrider.Smtp.Server;

namespace Postrider.Mta.Hosting.Drop;

/// <summary>The content of a drop file as the receiving side reads it. Only at the end is it known whether length and checksum hold; until then nothing may be committed.</summary>
internal sealed class DropContent : SmtpContent
{
    private readonly FileStream file;
    private readonly byte[] expected;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] raw = new byte[16 * 1024];
    private readonly byte[] lines = new byte[(32 * 1024) + 2];
    private readonly CrlfFraming framing = new();
    private long left;
    private long octets;
    private bool isFinished;

    /// <param name="line">The envelope line, which the checksum covers too.</param>
    public DropContent(FileStream file, byte[] line, long length, byte[] expected)
    {
        this.file = file;
        this.expected = expected;
        left = length;
        hash.AppendData(line);
        hash.AppendData("\n"u8);
    }

    public override long Octets => octets;

    /// <summary>Set when the file did not hold what its head says.</summary>
    public string? Fault { get; private set; }

    public override async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        while (!isFinished)
        {
            int read = left == 0 ? 0 : await file.ReadAsync(raw.AsMemory(0, (int)Math.Min(raw.Length, left)), cancellationToken);
            int written;
            if (read > 0)
            {
                hash.AppendData(raw.AsSpan(0, read));
                left -= read;
                written = framing.Write(raw.AsSpan(0, read), lines);
            }
            else
            {
                await VerifyAsync(cancellationToken);
                written = framing.Finish(lines);
                isFinished = true;
            }

            octets += written;
            if (written > 0) return lines.AsMemory(0, written);
        }

        return default;
    }

    private async ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        if (left > 0) Fault = $"truncated: {left} octets are missing";
        else if (await file.ReadAsync(raw.AsMemory(0, 1), cancellationToken) != 0) Fault = "longer than its head says";
        else if (!CryptographicOperations.FixedTimeEquals(hash.GetHashAndReset(), expected)) Fault = "checksum does not match";
        if (Fault is not null) throw new SmtpContentException(null, Fault);
    }
}
