using System.Collections.Frozen;
using System.Text;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Maps.Berkeley;

namespace Postrider.Mta.Users;

/// <summary>One reading of a sasldb: keys are <c>user NUL realm NUL userPassword</c>, data the password. Other properties are passed over. Immutable.</summary>
internal sealed class SaslDatabaseContent
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly FrozenDictionary<(string User, string Realm), string> passwords;

    private SaslDatabaseContent(Dictionary<(string, string), string> passwords) => this.passwords = passwords.ToFrozenDictionary();

    public int Count => passwords.Count;

    /// <summary>Null when there is no such user. Nothing is folded: to Cyrus, Alice and alice are two.</summary>
    public string? Password(string user, string realm) => passwords.GetValueOrDefault((user, realm));

    /// <exception cref="MapFileException">The file is no Berkeley DB file, is damaged, or cannot be opened.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SaslDatabaseContent Read(string path)
    {
        using BerkeleyDatabase file = BerkeleyDatabase.Open(path);
        Dictionary<(string, string), string> found = [];
        foreach ((byte[] key, byte[] value) in file.Entries())
        {
            string[]? parts = Text(key)?.Split('\0');
            if (parts is [{ } user, { } realm, "userPassword"] && Text(value) is { } password) found[(user, realm)] = password;
        }

        return new SaslDatabaseContent(found);
    }

    // A password that is no UTF-8 cannot be typed by any client that speaks to us.
    private static string? Text(byte[] octets)
    {
        try
        {
            return Strict.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
