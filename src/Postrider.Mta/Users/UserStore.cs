using System.Collections.Immutable;
using Postrider.Smtp.Sasl;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Users;

/// <summary>Our own user store: a text file of SCRAM keys, made with <c>postrider passwd</c>. Serves SCRAM itself, and PLAIN and LOGIN through <see cref="ScramPasswordVerifier"/>. Thread-safe.</summary>
/// <remarks>The file is looked at for every exchange and read again when it has changed. It must be readable by its owner alone, and its owner must be root or this process's user; while it is
/// missing, unsafe or no text, nobody authenticates, and every client is told to come back later (454 4.7.0).</remarks>
public sealed class UserStore : IScramCredentials
{
    private readonly string path;
    private readonly string? realmSuffix;
    private readonly uint? trustedOwner;
    private volatile Reading? current;

    /// <param name="realm">A user may add <c>@realm</c> to the name (sendmail 8.17, oracle 30: AuthRealm or $j). An entry with the full name goes first. Null: names are taken as they are.</param>
    /// <param name="trustedOwner">A user whose file is taken besides root's and this process's: who will be the daemon, for whom looks at the file before it.</param>
    public UserStore(string path, string? realm = null, uint? trustedOwner = null)
    {
        this.path = path;
        this.trustedOwner = trustedOwner;
        realmSuffix = string.IsNullOrEmpty(realm) ? null : "@" + realm.ToLowerInvariant();
    }

    /// <summary>Why the store cannot be used now, or what is wrong with single lines; each <c>file(line): message</c> with its remedy. Empty: all is well. Reads the file when it has changed.</summary>
    public ImmutableArray<string> Check()
    {
        Reading reading = Read();
        return reading.Content?.Diagnostics ?? [reading.Problem!];
    }

    public ValueTask<ScramCredential> FindAsync(string userName, CancellationToken cancellationToken)
    {
        Reading reading = Read();
        if (reading.Content is not { } content) throw new CredentialsUnavailableException(reading.Problem!);
        // A name that cannot stand in the file is still answered like any unknown one.
        string name = UserStoreText.FoldName(userName) ?? userName;
        string local = realmSuffix is not null && name.EndsWith(realmSuffix, StringComparison.Ordinal) ? name[..^realmSuffix.Length] : name;
        // The decoy too is that of the local name: a user's salt is the same under both names, and so must an invented one's be.
        return ValueTask.FromResult(Find(content, name) ?? Find(content, local) ?? content.Decoy.For(local, content.TypicalIterations));
    }

    private ScramCredential? Find(UserStoreContent content, string name)
    {
        if (content.Damaged.Contains(name)) throw new CredentialsUnavailableException($"{path}: the entry of user {name} is damaged; see the diagnostics of this file");
        return content.Users.TryGetValue(name, out ScramKeys? keys) ? new ScramCredential(name, keys) : null;
    }

    private Reading Read()
    {
        FileStatus? status = FileStatus.Of(path);
        // A problem is never remembered: what mends it (the mode of a directory above) may leave no mark on the file.
        if (current is { Content: not null } known && known.Status == status) return known;
        byte[]? octets = SafeFile.Read(path, secret: true, out string? problem, trustedOwner);
        List<string>? lines = octets is null ? null : UserStoreText.Lines(octets);
        if (octets is not null && lines is null) problem = $"{path}: not UTF-8 text; restore it from a backup";
        Reading fresh = new(status, lines is null ? null : UserStoreContent.Parse(path, lines), problem);
        current = fresh;
        return fresh;
    }

    private sealed record Reading(FileStatus? Status, UserStoreContent? Content, string? Problem);
}
