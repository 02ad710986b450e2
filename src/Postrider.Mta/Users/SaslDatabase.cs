using System.Collections.Concurrent;
using Postrider.Sendmail.Maps;
using Postrider.Smtp.Sasl;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Users;

/// <summary>Cyrus SASL's sasldb: passwords by user and realm, made with <c>saslpasswd2</c>. Looked at for every exchange and read again when it has changed. Thread-safe.</summary>
/// <remarks>
/// sendmail reads it as root; the daemon here reads it as root when it starts, and keeps what it read when it is somebody else and may not read it any more, over a reload too. So a file of mode
/// 600 root works as it did, and a changed one counts after a restart; one that the daemon's user may read (mode 640, its group) counts at once.
/// A file that is missing, damaged, or was never readable: nobody authenticates, every client is told to come back later (454 4.7.0).
/// </remarks>
public sealed class SaslDatabase : ISecretCredentials
{
    // What root has read, for the time when this process is not root any more.
    private static readonly ConcurrentDictionary<string, SaslDatabaseContent> Kept = new(StringComparer.Ordinal);

    private readonly string path;
    private readonly Action<string> report;
    private readonly Lock gate = new();
    private FileStatus? seen;
    private SaslDatabaseContent? content;
    private string? problem;
    private string? reported;

    /// <param name="realm">AuthRealm, else <c>$j</c>.</param>
    /// <param name="report">Told once when the file cannot be read or is damaged. Must not block.</param>
    public SaslDatabase(string path, string realm, Action<string>? report = null)
    {
        this.path = Path.GetFullPath(path);
        this.report = report ?? (static _ => { });
        DefaultRealm = realm;
        content = Kept.GetValueOrDefault(this.path);
    }

    public string DefaultRealm { get; }

    /// <summary>Reads the file if it has changed. Null: all is well; else what is wrong, with its remedy, which is not reported any more.</summary>
    public string? Check()
    {
        lock (gate)
        {
            Refresh(static _ => { });
            return problem;
        }
    }

    public ValueTask<string?> FindAsync(string userName, string? realm, CancellationToken cancellationToken)
    {
        SaslDatabaseContent? current;
        string? why;
        lock (gate)
        {
            Refresh(report);
            (current, why) = (content, problem);
        }

        if (current is null) throw new CredentialsUnavailableException(why ?? $"{path}: not read");
        int at = realm is null ? userName.LastIndexOf('@') : -1;
        return ValueTask.FromResult(at < 0 ? current.Password(userName, realm ?? DefaultRealm) : current.Password(userName[..at], userName[(at + 1)..]));
    }

    private void Refresh(Action<string> tell)
    {
        FileStatus? status = FileStatus.Of(path);
        if (status == seen && status is not null && problem is null) return;
        SaslDatabaseContent? fresh = null;
        try
        {
            fresh = SaslDatabaseContent.Read(path);
            problem = null;
        }
        catch (Exception e) when (e is MapFileException or IOException or UnauthorizedAccessException)
        {
            problem = (e is MapFileException ? e.Message : $"{path}: cannot be read ({e.Message})")
                + (content is null ? "; the daemon's user must be able to read it: chgrp to its group, and chmod 640" : "; what was read before still counts");
        }

        seen = status;
        if (fresh is not null) content = Kept[path] = fresh;
        if (problem is not null && problem != reported) tell(problem);
        reported = problem;
    }
}
