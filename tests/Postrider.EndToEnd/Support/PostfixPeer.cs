using System.Globalization;

namespace Postrider.EndToEnd.Support;

/// <summary>A real Postfix, unpacked from Debian's package by eng/peers.sh (never installed), and its load tools.</summary>
internal static class PostfixPeer
{
    private const string Home = "/opt/peers/postfix";

    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["LD_LIBRARY_PATH"] = Home + "/usr/lib/postfix" };

    public static string Program(string name)
    {
        string path = $"{Home}/usr/sbin/{name}";
        Command.Require(path);
        return path;
    }

    /// <summary>Starts smtp-sink on a port; it drops what it takes and prints one character for each.</summary>
    public static async Task<Daemon> StartSinkAsync(int port)
    {
        string sink = Program("smtp-sink");
        Command.Require("env");
        return await Daemon.StartAsync("env", ["LD_LIBRARY_PATH=" + Home + "/usr/lib/postfix", sink, "-c", "-u", "nobody", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "1000"], port);
    }

    /// <summary>Starts a whole Postfix that takes mail on a port and relays everything to another. Needs root.</summary>
    public static async Task<Daemon> StartAsync(string directory, int port, int nextHop)
    {
        Command.Require(Home + "/usr/lib/postfix/sbin/master", "/usr/lib/postfix/sbin/smtpd");
        Assert.SkipUnless(System.Environment.IsPrivilegedProcess, "a whole Postfix needs root");
        (await Command.RunAsync("bash", ["-c", Configure, "configure", directory, port.ToString(CultureInfo.InvariantCulture), nextHop.ToString(CultureInfo.InvariantCulture), Home], "", TimeSpan.FromSeconds(30))).MustSucceed();
        return await Daemon.StartAsync("env", ["MAIL_CONFIG=" + directory + "/conf", Home + "/usr/lib/postfix/sbin/master", "-c", directory + "/conf", "-d"], port);
    }

    private const string Configure = """
        set -e
        W=$1; PORT=$2; NEXT=$3; PF=$4
        mkdir -p $W/conf $W/data $W/spool; chown postfix $W/data
        cp $PF/usr/share/postfix/master.cf.dist $W/conf/master.cf
        sed -i -E "s/^smtp +inet .*/127.0.0.1:$PORT inet n - n - 100 smtpd/; /^[a-z]/ s/^([a-z0-9]+ +unix +[^ ]+ +[^ ]+ +)y/\1n/" $W/conf/master.cf
        cat > $W/conf/main.cf <<C
        compatibility_level = 3.6
        queue_directory = $W/spool
        data_directory = $W/data
        daemon_directory = $PF/usr/lib/postfix/sbin
        command_directory = $PF/usr/sbin
        shlib_directory = /usr/lib/postfix
        meta_directory = $W/conf
        mail_owner = postfix
        setgid_group = postdrop
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = postfix.example.org
        mydestination =
        local_recipient_maps =
        alias_maps =
        mynetworks = 127.0.0.0/8
        relayhost = [127.0.0.1]:$NEXT
        smtp_dns_support_level = disabled
        smtpd_peername_lookup = no
        smtp_tls_security_level = may
        maillog_file = $W/maillog
        maillog_file_prefixes = /
        C
        cp $PF/etc/postfix/postfix-files $W/conf/; : > $W/conf/dynamicmaps.cf
        for d in active bounce corrupt defer deferred flush hold incoming private saved trace; do mkdir -p $W/spool/$d; chown postfix:root $W/spool/$d; chmod 700 $W/spool/$d; done
        mkdir -p $W/spool/pid $W/spool/maildrop $W/spool/public; chown postfix:postdrop $W/spool/maildrop $W/spool/public; chmod 1730 $W/spool/maildrop; chmod 2710 $W/spool/public
        """;
}
