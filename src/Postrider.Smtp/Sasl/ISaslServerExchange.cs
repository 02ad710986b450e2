namespace Postrider.Smtp.Sasl;

/// <summary>One authentication exchange on the server's side (RFC 4422). One object per AUTH command, used by one session.</summary>
public interface ISaslServerExchange : IDisposable
{
    /// <summary>Mechanism name in upper case.</summary>
    string Mechanism { get; }

    /// <summary>True: the server speaks first; an initial response is then an error of the client.</summary>
    bool IsServerFirst { get; }

    /// <summary>The next step. The first call carries the initial response, or null when the client sent none (an empty one is empty, not null: RFC 4954 §4 "=").</summary>
    ValueTask<SaslStep> NextAsync(ReadOnlyMemory<byte>? response, CancellationToken cancellationToken);
}
