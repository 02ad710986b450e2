using System.Globalization;
using Postrider.Sendmail;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Configuration;

/// <summary>
/// Whether the files and directories that a site trusts can be written, or its secrets read, by somebody else: mode, owner, link, every directory above. One diagnostic
/// each, which names the thing and the command that mends it.
/// </summary>
/// <remarks>
/// sendmail's meaning (reference §13, oracle 21 and 86): a key that group or others may read, and a directory that the world may write, are fatal; a map file that the group
/// may write is not; a cf that others may write is a warning there. Differs from sendmail: a world-writable directory with the sticky bit (/tmp) is taken, as only a file's owner can
/// replace it there and the owner is checked; a cf that the world may write is an error, because whoever writes it commands the daemon.
/// What does not exist yet is not judged: whoever makes it makes it safe.
/// </remarks>
public sealed class FileSafety
{
    private const UnixFileMode GroupOrOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly IReadOnlySet<uint> owners;
    private readonly List<Diagnostic> found = [];
    private readonly HashSet<string> judgedDirectories = new(StringComparer.Ordinal);

    private FileSafety(IReadOnlySet<uint> owners) => this.owners = owners;

    /// <summary>Everything about a site at once.</summary>
    /// <param name="configurationFile">The cf or mc; null: the site was not read from a file.</param>
    /// <param name="runAs">The user that the daemon becomes; null: it stays who it is. Root and the calling user are trusted always.</param>
    public static IReadOnlyList<Diagnostic> Check(SiteConfiguration site, string? configurationFile, uint? runAs)
    {
        HashSet<uint> trusted = [0, FileStatus.EffectiveUser];
        if (runAs is { } user) trusted.Add(user);
        FileSafety safety = new(trusted);
        if (configurationFile is not null) safety.Command(configurationFile);
        safety.Secret(site.Tls.ServerKeyFile);
        safety.Secret(site.Tls.ClientKeyFile);
        safety.Secret(site.Auth.UserStore);
        safety.Passwords(site.Auth.SaslDatabase);
        safety.Trusted(site.Tls.ServerCertFile);
        safety.Trusted(site.Tls.ClientCertFile);
        safety.Trusted(site.Tls.CaCertFile);
        foreach (string aliases in site.Aliases.Maps.Select(AliasMapBinder.FileOf).OfType<string>())
        {
            safety.Map(aliases);
            safety.Map(aliases + ".db");
        }

        if (site.VirtualMailboxes is { } mailboxes)
        {
            safety.Map(mailboxes.MapSpec[(mailboxes.MapSpec.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            safety.Directory(mailboxes.BaseDirectory);
        }

        safety.Directory(site.Queue.Directory);
        return safety.found;
    }

    private void Command(string path)
    {
        if (Existing(path) is not { } status) return;
        if (status.Mode.HasFlag(UnixFileMode.OtherWrite)) Error(path, "the world may write it", $"chmod go-w {path}");
        else if (status.Mode.HasFlag(UnixFileMode.GroupWrite)) found.Add(new Diagnostic(Severity.Warning, path, 0, "dangerous write permissions: its group may write it", $"chmod g-w {path}"));
        Owner(path, status, Severity.Warning);
        Above(path);
    }

    private void Secret(string? path)
    {
        if (path is null || Existing(path) is not { } status) return;
        if ((status.Mode & GroupOrOthers) != 0) Error(path, $"mode {Octal(status.Mode)}: others than its owner get at it", $"chmod 600 {path}");
        Owner(path, status);
        Above(path);
    }

    /// <summary>sasldb: Debian's is <c>root:sasl 640</c>, so that daemons of the group may read it; sendmail takes any mode (asked of sendmail 8.17).</summary>
    private void Passwords(string? path)
    {
        if (path is null || Existing(path) is not { } status) return;
        if ((status.Mode & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            found.Add(new Diagnostic(Severity.Warning, path, 0, $"mode {Octal(status.Mode)}: everybody on this host gets at the passwords", $"chmod o-rwx {path}"));
        Owner(path, status, Severity.Warning);
        Above(path);
    }

    private void Trusted(string? path)
    {
        if (path is null || Existing(path) is not { } status) return;
        if ((status.Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0) Error(path, $"mode {Octal(status.Mode)}: others than its owner may write it", $"chmod go-w {path}");
        Owner(path, status);
        Above(path);
    }

    /// <summary>A map: its own mode and owner do not matter in sendmail (oracle 86), the directories do. The world is kept out all the same.</summary>
    private void Map(string path)
    {
        if (Existing(path) is not { } status) return;
        if (status.Mode.HasFlag(UnixFileMode.OtherWrite)) Error(path, $"mode {Octal(status.Mode)}: the world may write it", $"chmod o-w {path}");
        Above(path);
    }

    /// <summary>A directory that the daemon writes in and gives away: never through a link, never writable by everybody.</summary>
    private void Directory(string path)
    {
        Above(path);
        if (FileStatus.Of(path, followLink: false) is not { } status) return;
        if (File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target)
        {
            Error(path, $"a symbolic link to {target.FullName}, which can be turned elsewhere", $"write {target.FullName} instead");
            return;
        }

        if (!status.IsDirectory) Error(path, "not a directory", $"mv {path} {path}.old && mkdir -m 700 {path}");
        else if (status.Mode.HasFlag(UnixFileMode.OtherWrite)) Error(path, $"mode {Octal(status.Mode)}: a directory that the world may write", $"chmod o-w {path}");
        if (status.IsDirectory) Owner(path, status);
    }

    private FileStatus? Existing(string path)
    {
        if (FileStatus.Of(path) is not { } status) return null;
        if (status.IsRegular) return status;
        Error(path, "not a regular file", null);
        return null;
    }

    private void Owner(string path, in FileStatus status, Severity severity = Severity.Error)
    {
        if (owners.Contains(status.Owner)) return;
        found.Add(new Diagnostic(
            severity, path, 0, string.Create(CultureInfo.InvariantCulture, $"owned by uid {status.Owner}, who is neither root nor the daemon's user"), $"chown root {path}"));
    }

    /// <summary>Every directory above a path, and above what it links to.</summary>
    private void Above(string path)
    {
        Ancestors(Path.GetFullPath(path));
        if (FileStatus.Of(path, followLink: false) is null) return;
        try
        {
            if (File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target) Ancestors(target.FullName);
        }
        catch (IOException e)
        {
            Error(path, e.Message, null);
        }
    }

    private void Ancestors(string full)
    {
        for (string? directory = Path.GetDirectoryName(full); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (!judgedDirectories.Add(directory)) return;
            if (FileStatus.Of(directory) is not { IsDirectory: true } status) continue;
            if (status.Mode.HasFlag(UnixFileMode.OtherWrite) && !status.Mode.HasFlag(UnixFileMode.StickyBit)) Error(directory, $"mode {Octal(status.Mode)}: a directory that the world may write", $"chmod o-w {directory}");

            // Its owner can replace everything below, whatever the modes there say. No error: who starts the daemon as root out of his own directory (sudo) trusts himself.
            Owner(directory, status, Severity.Warning);
        }
    }

    private void Error(string path, string message, string? remedy) => found.Add(new Diagnostic(Severity.Error, path, 0, message, remedy));

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
