using System.Security.Cryptography;

namespace Postrider.Smtp.Sasl;

/// <summary>Who knows users: each mechanism asks one of these, and is not offered without it.</summary>
public sealed record SaslStores
{
    /// <summary>Serves SCRAM-SHA-256.</summary>
    public IScramCredentials? Scram { get; init; }

    /// <summary>Serves SCRAM-SHA-1.</summary>
    public IScramCredentials? ScramSha1 { get; init; }

    /// <summary>Serves PLAIN and LOGIN.</summary>
    public IPasswordVerifier? Passwords { get; init; }

    /// <summary>Serves CRAM-MD5 and DIGEST-MD5.</summary>
    public ISecretCredentials? Secrets { get; init; }

    /// <summary>For challenges that carry a time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A store of SCRAM-SHA-256 keys serves SCRAM-SHA-256, PLAIN and LOGIN.</summary>
    public static SaslStores Of(IScramCredentials keys) => new() { Scram = keys, Passwords = new ScramPasswordVerifier(keys) };

    /// <summary>A store of passwords serves every mechanism.</summary>
    public static SaslStores Of(ISecretCredentials secrets, TimeProvider time) => new()
    {
        Scram = new SecretScramCredentials(secrets, HashAlgorithmName.SHA256),
        ScramSha1 = new SecretScramCredentials(secrets, HashAlgorithmName.SHA1),
        Passwords = new SecretPasswordVerifier(secrets),
        Secrets = secrets,
        Time = time,
    };
}
