namespace Postrider.Mail.Dsn;

/// <summary>One recipient of a delivery report, with the facts of the last attempt (RFC 3464 §2.3).</summary>
/// <remarks>Texts may hold whatever a remote host said: the writer makes them fit for a report.</remarks>
public sealed record ReportRecipient
{
    public required ForwardPath Address { get; init; }

    /// <summary>The address it was expanded from; null: the originator named it.</summary>
    public ForwardPath? ExpandedFrom { get; init; }

    /// <summary>ORCPT.</summary>
    public OriginalRecipient? OriginalRecipient { get; init; }

    public required ReportAction Action { get; init; }

    public required EnhancedStatusCode Status { get; init; }

    /// <summary>In sendmail's words: <c>User unknown</c>, <c>Deferred: Connection refused by mx.example.org.</c></summary>
    public required string Message { get; init; }

    /// <summary>A whole reply of this host that decided, which stands in the transcript as it is; null: address and message make one.</summary>
    public string? LocalReply { get; init; }

    /// <summary>The remote host, without trailing dot; null: none was reached.</summary>
    public string? RemoteMta { get; init; }

    /// <summary>What the remote host said; null: nothing.</summary>
    public string? RemoteReply { get; init; }

    /// <summary>What a program wrote that was to deliver it, line by line.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>Diagnostic-Code where no remote host gave one: <c>X-Unix; 67</c>. Null: a reply of our own.</summary>
    public string? Diagnostic { get; init; }

    /// <summary>With <see cref="Diagnostic"/>: what stands as the reason. Null: nothing does.</summary>
    public string? Reason { get; init; }

    /// <summary>The command that it answered; null: none (greeting) or not known.</summary>
    public string? Command { get; init; }

    /// <summary>Null: it was never tried.</summary>
    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>For a delay.</summary>
    public DateTimeOffset? WillRetryUntil { get; init; }
}
