namespace Postrider.Smtp.Sasl;

/// <summary>One authentication exchange on the server's side (RFC 4422). One object per AUTH command, used by one session.</summary>
public interface ISaslServerExchange : IDisposable
{
    /// <summary>Mechanism name in upper case.</summary>
    string Mechanism { get; }

    /// <summary>True: the server speaks first; an initial response is then an error of the client.</summary>
    bool IsServerFirst { get; }

    /// <summary>The next step. The first call carries the initial response, or null when the client sent none (an empty one is empty, not null: RFC 4954 §4 "=").</summary>
    /// <remarks>A trap for callers: <c>none ? null : octets</c> is not null but empty when <c>octets</c> is a <c>ReadOnlyMemory</c> or an array; write <c>default(ReadOnlyMemory&lt;byte&gt;?)</c>.</remarks>
    ValueTask<SaslStep> NextAsync(ReadOnlyMemory<byte>? response, CancellationToken cancellationToken);
}
