using System.Security.Authentication;
using Postrider.Mta.Certificates;
using Postrider.Smtp.Tls;

namespace Postrider.Tests.Smtp.Tls;

/// <summary>Our client against our server: both verdicts of one handshake.</summary>
public sealed class ClientTlsTests : IDisposable
{
    private readonly TlsSite site = new();

    public void Dispose() => site.Dispose();

    [Fact]
    public async Task Server_of_our_authority_is_verify_OK_and_both_sides_know_the_same_binding()
    {
        (TlsFacts client, TlsFacts server) = await MeetAsync(new TlsPaths { CaCertFile = site.At("ca.crt") });
        Assert.True(client.Verify == TlsVerify.Ok, client.VerifyMessage);
        Assert.Equal("/CN=mx.example.com", client.CertSubject);
        Assert.Equal("mx.example.com", client.CnSubject);
        Assert.Equal(TlsVerify.No, server.Verify);
        Assert.False(client.EndpointBinding.IsEmpty);
        Assert.Equal(server.EndpointBinding.ToArray(), client.EndpointBinding.ToArray());
        Assert.Equal((server.Cipher, server.Version, server.CipherBits), (client.Cipher, client.Version, client.CipherBits));
    }

    [Fact]
    public async Task Without_any_path_the_handshake_succeeds_and_says_FAIL()
    {
        (TlsFacts client, _) = await MeetAsync(new TlsPaths());
        Assert.Equal(TlsVerify.Fail, client.Verify);
        Assert.Equal("unable to get local issuer certificate", client.VerifyMessage); // oracle 25
    }

    [Fact]
    public async Task Another_name_than_asked_for_is_no_failure_of_verification()
    {
        // sendmail 8.17 compares names by policy only (CN: in access).
        (TlsFacts client, TlsFacts server) = await MeetAsync(new TlsPaths { CaCertFile = site.At("ca.crt") }, "mx.elsewhere.example.");
        Assert.Equal(TlsVerify.Ok, client.Verify);
        Assert.Equal("mx.elsewhere.example", server.ServerName);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("[127.0.0.1]")]
    [InlineData("")]
    [InlineData("no host name")]
    [InlineData("..")]
    [InlineData("caf\u00e9.example")]
    public async Task What_is_no_host_name_is_not_indicated(string name)
    {
        (_, TlsFacts server) = await MeetAsync(new TlsPaths(), name);
        Assert.Null(server.ServerName);
    }

    [Fact]
    public async Task Client_certificate_is_shown()
    {
        using IssuedCertificate issued = site.Authority.Issue(new CertificateOrder { CommonName = "relay.example.com" });
        issued.Save(site.At("client.crt"), site.At("client.key"));
        (_, TlsFacts server) = await MeetAsync(new TlsPaths { ClientCertFile = site.At("client.crt"), ClientKeyFile = site.At("client.key") });
        Assert.True(server.Verify == TlsVerify.Ok, server.VerifyMessage);
        Assert.Equal("/CN=relay.example.com", server.CertSubject);
    }

    [Fact]
    public async Task Client_certificate_that_cannot_be_used_is_a_diagnostic_and_we_stay_anonymous()
    {
        TlsPaths paths = new() { ClientCertFile = site.At("nowhere.crt"), ClientKeyFile = site.At("server.key") };
        Assert.Contains("nowhere.crt", Assert.Single(new ClientTls(paths, site.Clock).Diagnostics), StringComparison.Ordinal);
        (_, TlsFacts server) = await MeetAsync(paths);
        Assert.Equal(TlsVerify.No, server.Verify);
    }

    [Fact]
    public async Task Server_that_talks_something_else_fails_the_handshake()
    {
        (Stream near, Stream far) = await TlsSite.ConnectAsync();
        await far.WriteAsync("454 4.7.0 not today\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Exception? e = await Record.ExceptionAsync(() => new ClientTls(new TlsPaths(), site.Clock).AuthenticateAsync(near, "mx.example.com", TestContext.Current.CancellationToken).AsTask());
        Assert.True(e is AuthenticationException or IOException, $"{e}");
    }

    private async Task<(TlsFacts Client, TlsFacts Server)> MeetAsync(TlsPaths paths, string name = "mx.example.com")
    {
        (Stream near, Stream far) = await TlsSite.ConnectAsync();
        Task<TlsLayer> serving = site.Server().AuthenticateAsync(near, TestContext.Current.CancellationToken).AsTask();
        TlsLayer client = await new ClientTls(paths, site.Clock).AuthenticateAsync(far, name, TestContext.Current.CancellationToken);
        await client.Stream.WriteAsync(new byte[1], TestContext.Current.CancellationToken);
        TlsLayer server = await serving;
        Assert.Equal(1, await server.Stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        await client.Stream.DisposeAsync();
        await server.Stream.DisposeAsync();
        return (client.Facts, server.Facts);
    }
}
