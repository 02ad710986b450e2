using System.Collections.Immutable;
using System.Text.Json;
using Postrider.Mail;

namespace Postrider.Mta.Hosting.Drop;

/// <summary>The envelope of a message that waits in the drop directory, as its submitter wrote it: a claim, checked again by the daemon before it becomes mail.</summary>
public sealed record DropEnvelope
{
    /// <summary>Recipients at most; more is refused with the whole file.</summary>
    public const int MaxRecipients = 10_000;

    /// <summary>Octets of the envelope line at most.</summary>
    public const int MaxOctets = 4 << 20;

    /// <summary>Must be the owner of the file.</summary>
    public required uint Uid { get; init; }

    /// <summary>Without angle brackets; empty: the null reverse-path.</summary>
    public required string ReversePath { get; init; }

    public required ImmutableArray<DropRecipient> Recipients { get; init; }

    public BodyType Body { get; init; }

    public DsnReturn Return { get; init; }

    public string? EnvelopeId { get; init; }

    /// <summary>One line of JSON, without the line end.</summary>
    public byte[] ToLine() => JsonSerializer.SerializeToUtf8Bytes(this, DropJson.Default.DropEnvelope);

    /// <returns>Null, with the reason, when the line is not an envelope whose addresses could stand in an SMTP dialogue.</returns>
    public static DropEnvelope? Parse(ReadOnlySpan<byte> line, out string? reason)
    {
        DropEnvelope? envelope;
        try
        {
            envelope = JsonSerializer.Deserialize(line, DropJson.Default.DropEnvelope);
        }
        catch (JsonException e)
        {
            reason = "envelope: " + e.Message;
            return null;
        }

        reason = envelope is null ? "envelope: null" : envelope.Fault();
        return reason is null ? envelope : null;
    }

    private string? Fault()
    {
        if (Recipients.IsDefaultOrEmpty) return "envelope: no recipients";
        if (Recipients.Length > MaxRecipients) return "envelope: too many recipients";
        if (!IsAddress(ReversePath) || !Enum.IsDefined(Body) || !Enum.IsDefined(Return)) return "envelope: reverse-path or parameters";
        if (EnvelopeId is { Length: 0 or > 100 }) return "envelope: ENVID";
        foreach (DropRecipient recipient in Recipients)
        {
            if (recipient is null || string.IsNullOrEmpty(recipient.Address) || !IsAddress(recipient.Address)) return "envelope: recipient";
        }

        return null;
    }

    private static bool IsAddress(string? address) => address is { Length: <= 2048 } && address.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0;
}
