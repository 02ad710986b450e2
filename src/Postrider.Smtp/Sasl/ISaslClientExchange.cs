namespace Postrider.Smtp.Sasl;

/// <summary>One authentication exchange on the client's side (RFC 4422), made by <see cref="SaslClient"/>. One object per AUTH command.</summary>
public interface ISaslClientExchange : IDisposable
{
    /// <summary>Mechanism name, for the AUTH command.</summary>
    string Mechanism { get; }

    /// <summary>What goes with the AUTH command, or where the command line would become too long (RFC 4954 §4) answers the first, empty challenge. Null: the server speaks first. Call once.</summary>
    byte[]? InitialResponse();

    /// <summary>The answer to a challenge; may be empty. Null: the server is not who it should be, or talks nonsense: cancel with <c>*</c>.</summary>
    byte[]? Respond(ReadOnlySpan<byte> challenge);

    /// <summary>Whether a 235 may be believed now. False where the server had to prove that it knows the password too, and has not: then treat the 235 as a failure and leave.</summary>
    bool MayComplete { get; }
}
