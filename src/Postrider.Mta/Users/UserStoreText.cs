using System.Globalization;
using System.Text;
using Postrider.Smtp.Sasl;

namespace Postrider.Mta.Users;

/// <summary>The grammar of a user store: one line per user, <c>name:SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c> (as PostgreSQL writes such keys, after RFC 5803), <c>#</c> comments, one <c>!decoy</c> line.</summary>
internal static class UserStoreText
{
    public const string Scheme = "SCRAM-SHA-256$";
    private const string DecoyWord = "!decoy ";

    // Damaged octets must be seen as damage, not replaced and written back.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines without their ends; null when the octets are no text.</summary>
    public static List<string>? Lines(ReadOnlySpan<byte> content)
    {
        try
        {
            string text = Strict.GetString(content);
            List<string> lines = [.. text.Split('\n')];
            if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
            return lines;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    public static byte[] Octets(IEnumerable<string> lines) => Strict.GetBytes(string.Concat(lines.Select(l => l + "\n")));

    /// <summary>The name as the store keeps it: prepared (RFC 4013) and in lower case. Null when it cannot be one.</summary>
    public static string? FoldName(string name)
    {
        string? folded = SaslPrep.Prepare(name)?.ToLowerInvariant();
        bool usable = folded is { Length: > 0 and <= 255 } && folded[0] is not ('#' or '!') && !folded.Contains(':', StringComparison.Ordinal) && folded.AsSpan().Trim().Length == folded.Length;
        return usable ? folded : null;
    }

    /// <summary>The name on a line that is a user's, be the rest damaged or not; null for comments, blank lines and the decoy line.</summary>
    public static string? NameOf(string line)
    {
        if (line.Length == 0 || line[0] is '#' or '!' || string.IsNullOrWhiteSpace(line)) return null;
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? line : line[..colon];
    }

    /// <summary>The keys on a user's line, or what is wrong with it.</summary>
    public static ScramKeys? KeysOf(string line, out string? problem)
    {
        string[] parts = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split('$');
        problem = "not of the form name:SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey";
        if (parts.Length != 3 || !string.Equals(parts[0] + "$", Scheme, StringComparison.Ordinal)) return null;
        if (parts[1].Split(':') is not [var count, var salt] || parts[2].Split(':') is not [var stored, var server]) return null;
        if (Base64(salt) is not { Length: > 0 and <= 256 } saltOctets || Base64(stored) is not { Length: ScramKeys.KeySize } storedKey || Base64(server) is not { Length: ScramKeys.KeySize } serverKey) return null;
        problem = $"iterations are not between {ScramKeys.MinIterations} and {ScramKeys.MaxIterations}";
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int iterations) || iterations is < ScramKeys.MinIterations or > ScramKeys.MaxIterations) return null;
        problem = null;
        return new ScramKeys(saltOctets, iterations, storedKey, serverKey);
    }

    public static string Line(string name, ScramKeys keys) => string.Create(CultureInfo.InvariantCulture,
        $"{name}:{Scheme}{keys.Iterations}:{Convert.ToBase64String(keys.Salt.Span)}${Convert.ToBase64String(keys.StoredKey.Span)}:{Convert.ToBase64String(keys.ServerKey.Span)}");

    public static string DecoyLine(ReadOnlySpan<byte> secret) => DecoyWord + Convert.ToBase64String(secret);

    public static byte[]? DecoyOf(string line) => line.StartsWith(DecoyWord, StringComparison.Ordinal) && Base64(line[DecoyWord.Length..]) is { Length: >= 16 } secret ? secret : null;

    private static byte[]? Base64(string value)
    {
        byte[] buffer = new byte[value.Length];
        return value.Length <= 4096 && !value.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(value, buffer, out int length) ? buffer[..length] : null;
    }
}
