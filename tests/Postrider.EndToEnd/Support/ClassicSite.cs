using System.Globalization;

namespace Postrider.EndToEnd.Support;

/// <summary>A site whose cf brings its own rules, and whose local mailer is a program that writes down how it was run.</summary>
internal sealed class ClassicSite : IAsyncDisposable
{
    private ClassicSite(string directory) => Directory = directory;

    public string Directory { get; }

    public int Port { get; } = TestSite.FreePort();

    public string ConfigurationFile => Path.Combine(Directory, "sendmail.cf");

    /// <param name="flags">Of the mailer local, which is for users of the system.</param>
    public static async Task<ClassicSite> CreateAsync(string flags, string extra = "")
    {
        ClassicSite site = new(System.IO.Directory.CreateDirectory($"/var/tmp/postrider-test-{Guid.NewGuid():N}").FullName);
        File.SetUnixFileMode(site.Directory, (UnixFileMode)0b111_101_101);
        System.IO.Directory.CreateDirectory(site.In("out"));
        File.SetUnixFileMode(site.In("out"), (UnixFileMode)0b111_111_111);
        await File.WriteAllTextAsync(site.In("deliver"), $$"""
            #!/bin/sh
            for user in "$@"; do :; done
            case $user in sys) exit 75;; esac
            { echo "$* uid=$(id -u) groups=$(id -G) cwd=$(pwd)"; cat; } > {{site.In("out")}}/.$user.$$ && mv {{site.In("out")}}/.$user.$$ {{site.In("out")}}/$user
            """);
        File.SetUnixFileMode(site.In("deliver"), (UnixFileMode)0b111_101_101);
        await site.ConfigureAsync(flags, extra);
        return site;
    }

    public Task ConfigureAsync(string flags, string extra = "") => File.WriteAllTextAsync(ConfigurationFile, string.Create(CultureInfo.InvariantCulture, $"""
        V10/Berkeley
        Djmx.example.com
        DnMAILER-DAEMON
        Cwexample.com mx.example.com localhost
        O QueueDirectory={In("queue")}
        O DaemonPortOptions=Name=MTA, Addr=127.0.0.1, Port={Port}
        O DefaultUser=daemon
        {extra}
        Scanonify=3
        R$* < $+ > $*	$: $2
        R$+ @ $+	$@ $1 < @ $2 >
        Sparse=0
        R$+ < @ $=w >	$#local $: $1
        R$+ < @ $* >	$#remote $@ $2 $: $1 < @ $2 >
        R$+	$#local $: $1
        Sfinal=4
        R$* < @ $+ >	$1 @ $2
        Mlocal, P={In("deliver")}, F={flags}, A=deliver -d $u
        Mremote, P=[IPC], F=mDFMuX, E=\r\n, L=990, A=TCP $h

        """));

    public Task<Daemon> StartAsync() => Daemon.StartAsync(Repository.Postrider, ["sendmail", "-bD", "-C", ConfigurationFile], Port);

    public Task<Command> SendmailAsync(string input, params string[] arguments) =>
        Command.RunAsync(Repository.Postrider, ["sendmail", "-C", ConfigurationFile, .. arguments], input, TimeSpan.FromSeconds(60));

    /// <summary>What the program wrote down for this user: how it was run, and the message.</summary>
    public async Task<string> DeliveredAsync(string user, Daemon daemon)
    {
        string file = Path.Combine(In("out"), user);
        Assert.True(await Patiently.UntilAsync(() => File.Exists(file)), $"nothing for {user}\n{daemon.Log}");
        return await File.ReadAllTextAsync(file);
    }

    public string In(string name) => Path.Combine(Directory, name);

    public ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}
