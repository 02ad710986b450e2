using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Postrider.Mta.Files;
using Postrider.Smtp.Sasl;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Users;

/// <summary>Changes a user store: what <c>postrider passwd</c> does. Each change is one atomic rewrite, mode 0600, that keeps owner, comments and the lines it does not understand; a running daemon takes it at the next log-in. Two editors at once: the second is refused.</summary>
/// <param name="path">A missing file is made by <see cref="SetPassword"/>.</param>
/// <param name="newOwner">(uid, gid) for a file that is made: <c>RunAsUser</c>, when root makes it. Null: ours.</param>
public sealed class UserStoreEditor(string path, (uint User, uint Group)? newOwner = null)
{
    /// <summary>The users in the file's order. Damaged lines are not among them; see <see cref="UserStore.Check"/>.</summary>
    /// <exception cref="IOException">The file is unsafe, or cannot be read.</exception>
    public ImmutableArray<string> List()
    {
        List<string> lines = Load();
        UserStoreContent content = UserStoreContent.Parse(path, lines);
        return [.. lines.Select(UserStoreText.NameOf).OfType<string>().Select(UserStoreText.FoldName).OfType<string>().Where(content.Users.ContainsKey)];
    }

    /// <summary>Adds the user, or changes the password. True: was there before.</summary>
    /// <exception cref="ArgumentException">The name or the password cannot be used; the message says why.</exception>
    /// <exception cref="IOException">The file is unsafe, cannot be read or written, or another editor is at it.</exception>
    public bool SetPassword(string userName, string password)
    {
        string name = FoldOrThrow(userName);
        string prepared = SaslPrep.Prepare(password) is { Length: > 0 } p ? p : throw new ArgumentException("The password is empty, or holds characters that passwords may not have (RFC 4013).", nameof(password));
        byte[] octets = Encoding.UTF8.GetBytes(prepared);
        if (octets.Length > 1024) throw new ArgumentException("The password is longer than 1024 octets.", nameof(password));
        ScramKeys keys = ScramKeys.Derive(octets, RandomNumberGenerator.GetBytes(ScramDecoy.SaltSize), UserStoreContent.DefaultIterations);
        CryptographicOperations.ZeroMemory(octets);
        return Edit(lines =>
        {
            if (!lines.Exists(l => UserStoreText.DecoyOf(l) is not null)) lines.Insert(0, UserStoreText.DecoyLine(RandomNumberGenerator.GetBytes(32)));
            int first = lines.FindIndex(l => IsOf(l, name));
            string line = UserStoreText.Line(name, keys);
            if (first < 0) lines.Add(line);
            else lines[first] = line;
            // A second line of the same user goes: what the administrator set now is what counts.
            for (int i = lines.Count - 1; i > first && first >= 0; i--)
                if (IsOf(lines[i], name)) lines.RemoveAt(i);
            return first >= 0;
        }, create: true);
    }

    /// <summary>False: there was no such user, and nothing was written.</summary>
    /// <exception cref="ArgumentException">Not a user name.</exception>
    /// <exception cref="IOException">The file is missing, unsafe, cannot be read or written, or another editor is at it.</exception>
    public bool Remove(string userName)
    {
        string name = FoldOrThrow(userName);
        return Edit(lines => lines.RemoveAll(l => IsOf(l, name)) > 0, create: false);
    }

    /// <summary>True when this password opens this user's account.</summary>
    /// <exception cref="IOException">The file is missing, unsafe, or cannot be read.</exception>
    public bool Verify(string userName, string password)
    {
        UserStoreContent content = UserStoreContent.Parse(path, Load());
        return UserStoreText.FoldName(userName) is { } name && content.Users.TryGetValue(name, out ScramKeys? keys)
            && SaslPrep.Prepare(password) is { Length: > 0 } prepared && keys.Matches(Encoding.UTF8.GetBytes(prepared));
    }

    private static bool IsOf(string line, string name) => UserStoreText.NameOf(line) is { } written && string.Equals(UserStoreText.FoldName(written), name, StringComparison.Ordinal);

    private static string FoldOrThrow(string userName) => UserStoreText.FoldName(userName)
        ?? throw new ArgumentException("A user name has 1 to 255 characters, no colon, no control characters, no blank at its ends, and does not begin with # or !.", nameof(userName));

    /// <param name="change">Whether the user was there; the lines are written when it was, or when <paramref name="create"/>.</param>
    private bool Edit(Func<List<string>, bool> change, bool create)
    {
        try
        {
            return EditLocked(Path.GetFullPath(path), change, create);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private bool EditLocked(string full, Func<List<string>, bool> change, bool create)
    {
        if (create && Path.GetDirectoryName(full) is { } directory && !Directory.Exists(directory)) Directory.CreateDirectory(directory);
        // Locked beside the store, because the store itself is exchanged. FileShare.None is flock: it ends with the process.
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = WholeFile.OwnerOnly };
        using FileStream gate = new(full + ".lock", options);
        FileStatus? before = FileStatus.Of(full);
        if (before is null && create && SafeFile.JudgeDirectories(full) is { } problem) throw new IOException(problem);
        List<string> lines = before is null && create ? [] : Load();
        bool was = change(lines);
        if (!was && !create) return was;
        (uint, uint)? owner = before is { } b ? (b.Owner, b.Group) : newOwner;
        // A link to the store stays a link: the file that it names is exchanged.
        string target = before is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        WholeFile.Write(target, UserStoreText.Octets(lines), WholeFile.OwnerOnly, replace: true, owner);
        return was;
    }

    private List<string> Load()
    {
        // Root may edit what belongs to the daemon's user: that user can change it anyway.
        uint? trusted = FileStatus.EffectiveUser == 0 ? FileStatus.Of(path)?.Owner : null;
        byte[] octets = SafeFile.Read(path, secret: true, out string? problem, trusted) ?? throw new IOException(problem);
        return UserStoreText.Lines(octets) ?? throw new IOException($"{path}: not UTF-8 text; restore it from a backup");
    }
}
