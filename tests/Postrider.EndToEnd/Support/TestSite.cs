using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Postrider.EndToEnd.Support;

/// <summary>A site of its own in a directory of its own: sendmail.mc, certificates, users, mailboxes, free ports.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    public const string HostName = "mx.example.com";

    private TestSite(string directory) => Directory = directory;

    public string Directory { get; }

    public int Port { get; } = FreePort();

    public int SubmissionPort { get; } = FreePort();

    public int SmtpsPort { get; } = FreePort();

    public string UserName => "alice@example.com";

    public string Password => "correct horse battery";

    /// <summary>Of the sasldb, in the realm <see cref="HostName"/>.</summary>
    public string SaslUser => "alice";

    private string SaslFeatures => $"""
        FEATURE(`sasldb', `{In("sasldb2")}')dnl
                FEATURE(`passwords_in_clear')dnl
                define(`confAUTH_MECHANISMS', `DIGEST-MD5 CRAM-MD5 LOGIN PLAIN SCRAM-SHA-1 SCRAM-SHA-256')dnl
        """;

    public TestAuthority Authority => new(Path.Combine(Directory, "certs"));

    public string ConfigurationFile => Path.Combine(Directory, "sendmail.mc");

    public string QueueDirectory { get; set; } = "";

    /// <param name="hasSaslDatabase">Users are those of a sasldb that saslpasswd2 makes, instead of the user store.</param>
    public static async Task<TestSite> CreateAsync(string? smartHost = null, string extra = "", string queueDirectory = "", bool hasSaslDatabase = false)
    {
        TestSite site = new(System.IO.Directory.CreateDirectory($"/var/tmp/postrider-test-{Guid.NewGuid():N}").FullName);
        site.QueueDirectory = queueDirectory.Length > 0 ? queueDirectory : site.In("queue");
        File.SetUnixFileMode(site.Directory, (UnixFileMode)0b111_101_101);
        await site.Authority.CreateAsync();
        (string certificate, string key) = await site.Authority.IssueAsync("server", "/O=Test/CN=" + HostName, "DNS:" + HostName + ",DNS:localhost,IP:127.0.0.1");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        System.IO.Directory.CreateDirectory(site.In("mail"));
        string many = string.Concat(Enumerable.Range(0, 1000).Select(static i => string.Create(CultureInfo.InvariantCulture, $"user{i}\tmany/user{i}\n")));
        await File.WriteAllTextAsync(site.In("mailboxes"), "postmaster\tpostmaster\nalice@example.com\talice\nbob\tbob\n" + many);
        await File.WriteAllTextAsync(site.ConfigurationFile, site.Mc(certificate, key, smartHost, extra, hasSaslDatabase ? site.SaslFeatures : $"FEATURE(`user_store', `{site.In("users")}')dnl"));
        (await Command.RunAsync(Repository.Postrider, ["passwd", "--file", site.In("users"), site.UserName], site.Password + "\n", TimeSpan.FromSeconds(60))).MustSucceed();
        if (hasSaslDatabase)
        {
            Command.Require("saslpasswd2");
            (await Command.RunAsync("saslpasswd2", ["-p", "-c", "-f", site.In("sasldb2"), "-u", HostName, site.SaslUser], site.Password, TimeSpan.FromSeconds(60))).MustSucceed();
            File.SetUnixFileMode(site.In("sasldb2"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        if (Environment.IsPrivilegedProcess)
        {
            foreach (string owned in new[] { site.In("mail"), site.In("users"), key }) (await Command.RunAsync("chown", "postrider", owned)).MustSucceed();
        }

        return site;
    }

    public Task<Daemon> StartAsync() => Daemon.StartAsync(Repository.Postrider, ["sendmail", "-bD", "-C", ConfigurationFile], Port, SubmissionPort, SmtpsPort);

    public Task<Command> SendmailAsync(string input, params string[] arguments) =>
        Command.RunAsync(Repository.Postrider, ["sendmail", "-C", ConfigurationFile, .. arguments], input, TimeSpan.FromSeconds(60));

    /// <summary>Delivered files of a mailbox.</summary>
    public string[] Mailbox(string name)
    {
        string directory = Path.Combine(In("mail"), name, "new");
        return System.IO.Directory.Exists(directory) ? System.IO.Directory.GetFiles(directory) : [];
    }

    /// <summary>Waits until a mailbox holds this many messages and gives them.</summary>
    public async Task<string[]> DeliveredAsync(string name, int count = 1)
    {
        bool there = await Patiently.UntilAsync(() => Mailbox(name).Length >= count);
        Assert.True(there, $"{name}: {Mailbox(name).Length} of {count} messages");
        return Mailbox(name);
    }

    public string In(string name) => Path.Combine(Directory, name);

    /// <summary>A port nobody listens on, below those that the kernel gives to clients: one of ten thousand connections must not take it before the daemon does.</summary>
    public static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(10_000, 32_000);
            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private string Mc(string certificate, string key, string? smartHost, string extra, string users) => string.Create(CultureInfo.InvariantCulture, $"""
        divert(-1)
        A site for one test.
        divert(0)dnl
        include(`cf.m4')dnl
        VERSIONID(`test site')dnl
        OSTYPE(`linux')dnl
        define(`confDOMAIN_NAME', `{HostName}')dnl
        LOCAL_DOMAIN(`example.com')dnl
        define(`QUEUE_DIR', `{QueueDirectory}')dnl
        define(`confPID_FILE', `{QueueDirectory}/postrider.pid')dnl
        define(`confCACERT_PATH', `{Authority.HashDirectory}')dnl
        define(`confCACERT', `{Authority.CaFile}')dnl
        define(`confSERVER_CERT', `{certificate}')dnl
        define(`confSERVER_KEY', `{key}')dnl
        define(`confCLIENT_CERT', `{certificate}')dnl
        define(`confCLIENT_KEY', `{key}')dnl
        {users}
        TRUST_AUTH_MECH(`PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 DIGEST-MD5')dnl
        FEATURE(`no_default_msa')dnl
        FEATURE(`accept_unresolvable_domains')dnl
        FEATURE(`virtual_mailboxes', `text:{In("mailboxes")}', `{In("mail")}')dnl
        {(smartHost is null ? "dnl" : $"define(`SMART_HOST', `relay:{smartHost}')dnl")}
        {extra}
        DAEMON_OPTIONS(`Name=MTA, Addr=127.0.0.1, Port={Port}')dnl
        DAEMON_OPTIONS(`Name=MSA, Addr=127.0.0.1, Port={SubmissionPort}, M=Ea')dnl
        DAEMON_OPTIONS(`Name=TLSMSA, Addr=127.0.0.1, Port={SmtpsPort}, M=Eas')dnl
        MAILER(`smtp')dnl

        """);
}
