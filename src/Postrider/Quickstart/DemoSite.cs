using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Postrider.Cli.Options;
using Postrider.Mta.Certificates;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Posix;
using Postrider.Mta.Users;

namespace Postrider.Cli.Quickstart;

/// <summary>
/// A site in one directory, made from nothing: (1) the daemon's user, (2) a directory that user can reach, (3) authority and certificate, (4) mailboxes and users,
/// (5) <c>sendmail.mc</c> from examples/quickstart. What is there already is left as it is, so that it can be changed and started again.
/// </summary>
internal sealed class DemoSite
{
    public const string HostName = "mx.quickstart.test";
    public const string UserName = "demo";

    private const string Template = "sendmail.mc";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly RunAsUser owner;

    private DemoSite(string directory, RunAsUser owner, QuickstartPorts ports)
    {
        Directory = directory;
        this.owner = owner;
        Ports = ports;
    }

    /// <summary>Absolute.</summary>
    public string Directory { get; }

    public QuickstartPorts Ports { get; }

    public string ConfigurationFile => In("sendmail.mc");

    public string AuthorityFile => In("certs/ca.pem");

    public string Mailbox => In("mail/demo");

    /// <summary>Of the demo user, when it was made just now; null: it was there, and nobody knows it but who read it then.</summary>
    public string? NewPassword { get; private set; }

    /// <param name="say">Tells the person who started it.</param>
    /// <exception cref="UsageException">Something stands in the way; the message says what and how to mend it.</exception>
    public static async Task<DemoSite> PrepareAsync(string directory, QuickstartPorts ports, TimeProvider time, Action<string> say)
    {
        RunAsUser daemon = await DaemonUserAsync(say);
        DemoSite site = new(Reachable(Path.GetFullPath(directory), daemon, say), daemon, ports);
        site.MakeDirectories();
        site.MakeCertificates(time);
        site.MakeMailboxes();
        site.MakeUser(say);
        site.MakeConfiguration();
        return site;
    }

    /// <summary>The directory itself, or where a site in it would stand, with a link to there.</summary>
    public static async Task<string> RootAsync(string directory, Action<string> say) => Reachable(Path.GetFullPath(directory), await DaemonUserAsync(say), say);

    private string In(string name) => Path.Combine(Directory, name);

    /// <summary>Started as root the daemon becomes <c>postrider</c>, which is made if it is missing.</summary>
    private static async Task<RunAsUser> DaemonUserAsync(Action<string> say)
    {
        if (!SystemUser.IsRoot) return new RunAsUser(SystemUser.Current, SystemUser.CurrentGroup);
        if (SystemUser.Find(RunAsUser.DefaultName) is not { } user)
        {
            say($"making the system user {RunAsUser.DefaultName}");
            using Process? useradd = Process.Start("useradd", ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", RunAsUser.DefaultName]);
            if (useradd is not null) await useradd.WaitForExitAsync();
            user = SystemUser.Find(RunAsUser.DefaultName)
                ?? throw new UsageException($"the system user {RunAsUser.DefaultName} could not be made; make it with: useradd --system --user-group {RunAsUser.DefaultName}", SysExit.OsFile);
        }

        return new RunAsUser(user, user.Gid);
    }

    /// <summary>The directory itself where the daemon's user can reach it; else one below /var/lib, with a link in its place.</summary>
    private static string Reachable(string directory, RunAsUser owner, Action<string> say)
    {
        string parent = Path.GetDirectoryName(directory) ?? "/";
        System.IO.Directory.CreateDirectory(parent);
        if (new DirectoryInfo(directory) is { LinkTarget: not null } link) return link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? throw new UsageException($"{directory}: a link that leads nowhere", SysExit.OsFile);
        if (owner.BlockedBy(directory) is not { } wall) return directory;
        if (System.IO.Directory.Exists(directory))
        {
            throw new UsageException($"{wall}: user {owner.User.Name} cannot pass through it to {directory}; mend with: chmod o+x {wall}   (or remove {directory}, and it is made elsewhere)", SysExit.NoPermission);
        }

        string elsewhere = "/var/lib/postrider-quickstart/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..12];
        System.IO.Directory.CreateDirectory(elsewhere);
        System.IO.Directory.CreateSymbolicLink(directory, elsewhere);
        say($"user {owner.User.Name} cannot pass through {wall}: {directory} is a link to {elsewhere}");
        return elsewhere;
    }

    private void MakeDirectories()
    {
        Make(Directory, Passable, ours: false);
        Make(In("certs"), Passable, ours: false);
        Make(In("mail"), Private, ours: true);
    }

    private void Make(string path, UnixFileMode mode, bool ours)
    {
        if (!System.IO.Directory.Exists(path)) System.IO.Directory.CreateDirectory(path, mode);
        if (ours) FileOwner.Give(path, owner);
    }

    private void MakeCertificates(TimeProvider time)
    {
        string authorityKey = In("certs/ca.key");
        string certificate = In("certs/server.pem");
        string key = In("certs/server.key");
        try
        {
            if (!File.Exists(AuthorityFile))
            {
                using CertificateAuthority made = CertificateAuthority.Create("Postrider quickstart CA", time);
                made.Save(AuthorityFile, authorityKey, In("certs"));
            }

            if (!File.Exists(certificate))
            {
                using CertificateAuthority authority = CertificateAuthority.Load(AuthorityFile, authorityKey, time);
                using IssuedCertificate issued = authority.Issue(new CertificateOrder
                {
                    CommonName = HostName,
                    DnsNames = [HostName, "localhost"],
                    Addresses = [IPAddress.Loopback, IPAddress.Parse("127.0.0.2")],
                });
                issued.Save(certificate, key);
                FileOwner.Give(key, owner);
            }
        }
        catch (CryptographicException e)
        {
            throw new UsageException($"{In("certs")}: {e.Message}; remove the directory, and it is made again", SysExit.DataError);
        }
    }

    private void MakeMailboxes()
    {
        if (!File.Exists(In("mailboxes"))) File.WriteAllText(In("mailboxes"), "# address or name, and its Maildir below mail/\ndemo\tdemo\npostmaster\tdemo\n");
    }

    private void MakeUser(Action<string> say)
    {
        UserStoreEditor editor = new(In("users"), (owner.User.Uid, owner.Group));
        if (File.Exists(In("users")) && editor.List().Contains(UserName, StringComparer.Ordinal))
        {
            say($"the password of {UserName} was printed when it was made; set another with: out/postrider passwd --file {In("users")} {UserName}");
            return;
        }

        NewPassword = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 16);
        editor.SetPassword(UserName, NewPassword);
    }

    /// <summary>The example with the real directory and ports in its defines.</summary>
    private void MakeConfiguration()
    {
        if (File.Exists(ConfigurationFile)) return;
        using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Template) ?? throw new InvalidOperationException("the example is not in the program");
        using StreamReader reader = new(resource);
        string text = reader.ReadToEnd();
        text = Define(text, "QS_DIR", Directory);
        text = Define(text, "QS_MTA_PORT", Ports.Mta.ToString(CultureInfo.InvariantCulture));
        text = Define(text, "QS_SUBMISSION_PORT", Ports.Submission.ToString(CultureInfo.InvariantCulture));
        text = Define(text, "QS_SMTPS_PORT", Ports.Smtps.ToString(CultureInfo.InvariantCulture));
        File.WriteAllText(ConfigurationFile, text);
    }

    private static string Define(string text, string name, string value)
    {
        if (value.AsSpan().IndexOfAny("`'()\n") >= 0) throw new UsageException($"{value}: a path with quotes or parentheses cannot stand in an .mc", SysExit.Usage);
        string start = $"define(`{name}', `";
        int at = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        int end = text.IndexOf('\'', at);
        return at < start.Length || end < 0 ? throw new InvalidOperationException($"the example does not define {name}") : text[..at] + value + text[end..];
    }
}
