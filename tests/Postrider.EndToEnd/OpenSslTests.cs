using System.Globalization;
using Postrider.EndToEnd.Support;

namespace Postrider.EndToEnd;

/// <summary>openssl s_client with and without client certificates: asked for, verified against the site's CA, never failing the handshake.</summary>
public sealed class OpenSslTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    [Fact]
    public async Task Without_client_certificate_verify_is_NO()
    {
        string message = await SendAsync("no certificate");
        Assert.Matches(@"\(version=TLSv1\.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NO\)", message);
    }

    [Fact]
    public async Task Certificate_of_the_sites_CA_is_OK()
    {
        (string certificate, string key) = await shared.Site.Authority.IssueAsync("client", "/O=Test/CN=client.example.net", "DNS:client.example.net");
        Assert.Contains("verify=OK)", await SendAsync("good certificate", "-cert", certificate, "-key", key), StringComparison.Ordinal);
        Assert.Contains("STARTTLS=server, relay=localhost [127.0.0.1], version=TLSv1.3, verify=OK, cipher=TLS_AES_256_GCM_SHA384, bits=256/256", shared.Daemon.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_of_another_CA_is_FAIL_and_the_session_goes_on()
    {
        TestAuthority other = new(shared.Site.In("other"));
        await other.CreateAsync("/O=Other/CN=Other CA");
        (string certificate, string key) = await other.IssueAsync("evil", "/O=Other/CN=evil.example", "DNS:evil.example");
        Assert.Contains("verify=FAIL)", await SendAsync("unknown authority", "-cert", certificate, "-key", key), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_1_2_is_spoken()
    {
        Assert.Matches(@"\(version=TLSv1\.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NO\)", await SendAsync("tls twelve", "-tls1_2"));
    }

    [Fact]
    public async Task Tls_1_1_is_refused()
    {
        Command run = await ConnectAsync("QUIT\r\n", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0");
        Assert.NotEqual(0, run.ExitCode);
    }

    [Fact]
    public async Task Server_certificate_verifies_against_the_sites_CA()
    {
        Command run = await ConnectAsync("QUIT\r\n", "-CAfile", shared.Site.Authority.CaFile, "-verify_return_error", "-verify_hostname", TestSite.HostName);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("Verification: OK", run.Output, StringComparison.Ordinal);
    }

    private async Task<string> SendAsync(string subject, params string[] options)
    {
        // -quiet -ign_eof: a line that begins with Q or R stays mail instead of becoming a command of s_client's.
        Command run = await ConnectAsync($"EHLO c.example\r\n", $"MAIL FROM:<s@example.net>\r\nRCPT TO:<alice@example.com>\r\nDATA\r\n", $"Subject: {subject}\r\n\r\nhi\r\n.\r\nQUIT\r\n", options);
        Assert.Contains("250 2.0.0", run.Output, StringComparison.Ordinal);
        return await shared.MessageAsync("alice", "Subject: " + subject);
    }

    /// <summary>Writes in three steps, each after the reply to the last was due: input that is there before the reply to EHLO or DATA is an early talker's.</summary>
    private Task<Command> ConnectAsync(string hello, string envelope, string content, string[] options) =>
        ShellAsync(["printf '%s' \"$1\"; sleep 1; printf '%s' \"$2\"; sleep 1; printf '%s' \"$3\"; sleep 1", hello, envelope, content], options);

    private Task<Command> ConnectAsync(string input, params string[] options) => ShellAsync(["sleep 1; printf '%s' \"$1\"; sleep 1", input, "", ""], options);

    private Task<Command> ShellAsync(string[] feed, string[] options)
    {
        Command.Require("openssl", "bash");
        string[] client = ["openssl", "s_client", "-starttls", "smtp", "-crlf", "-ign_eof", "-connect", "127.0.0.1:" + shared.Site.Port.ToString(CultureInfo.InvariantCulture), .. options];
        string script = $"({feed[0]}) | {string.Join(' ', client.Select(word => "'" + word + "'"))}";
        return Command.RunAsync("bash", ["-c", script.Replace(" '-crlf'", "", StringComparison.Ordinal), "feed", .. feed[1..]], "", TimeSpan.FromSeconds(60));
    }
}
