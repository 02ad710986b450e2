using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postrider.Mta.Certificates;
using Postrider.Smtp.Tls;

namespace Postrider.Tests.Smtp.Tls;

public sealed class ServerTlsTests : IDisposable
{
    private readonly TlsSite site = new();

    public void Dispose() => site.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12, "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData(SslProtocols.Tls13, "TLSv1.3", "TLS_AES_256_GCM_SHA384")]
    public async Task Client_without_certificate_is_verify_NO(SslProtocols protocol, string version, string cipher)
    {
        (TlsFacts facts, _) = await TlsSite.MeetAsync(site.Server(), protocol: protocol);
        Assert.Equal(TlsVerify.No, facts.Verify);
        Assert.Equal(version, facts.Version);
        Assert.Equal(cipher, facts.Cipher);
        Assert.Equal(256, facts.CipherBits);
        Assert.Equal(256, facts.AlgorithmBits);
        Assert.Equal("mx.example.com", facts.ServerName);
        Assert.Null(facts.CertSubject);
        Assert.Null(facts.VerifyMessage);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Certificate_of_our_authority_is_verify_OK(SslProtocols protocol)
    {
        using X509Certificate2 client = TlsSite.WithKey(site.Authority.Issue(new CertificateOrder { CommonName = "client10 (test)" }));
        (TlsFacts facts, _) = await TlsSite.MeetAsync(site.Server(), client, protocol);
        Assert.True(facts.Verify == TlsVerify.Ok, facts.VerifyMessage);
        Assert.Equal("/CN=client10+20+28test+29", facts.CertSubject);
        Assert.Equal("/CN=Oracle+20Root+20CA", facts.CertIssuer);
        Assert.Equal("client10+20+28test+29", facts.CnSubject);
        Assert.Equal("Oracle+20Root+20CA", facts.CnIssuer);
    }

    [Fact]
    public async Task Authority_found_only_by_its_hash_name_is_trusted()
    {
        site.Stranger.Save(site.At("other.crt"), site.At("other.key"), site.Directory);
        using X509Certificate2 client = TlsSite.WithKey(site.Stranger.Issue(new CertificateOrder { CommonName = "client" }));
        (TlsFacts facts, _) = await TlsSite.MeetAsync(site.Server(), client);
        Assert.True(facts.Verify == TlsVerify.Ok, facts.VerifyMessage);
    }

    [Fact]
    public async Task Certificate_of_an_unknown_authority_is_verify_FAIL_and_the_session_goes_on()
    {
        using X509Certificate2 client = TlsSite.WithKey(site.Stranger.Issue(new CertificateOrder { CommonName = "client" }));
        (TlsFacts facts, _) = await TlsSite.MeetAsync(site.Server(), client);
        Assert.Equal(TlsVerify.Fail, facts.Verify);
        Assert.Equal("unable to get local issuer certificate", facts.VerifyMessage); // oracle 25
        Assert.Equal("/CN=client", facts.CertSubject);
    }

    [Fact]
    public async Task Certificate_of_an_authority_with_our_authority_s_name_is_verify_FAIL()
    {
        using CertificateAuthority impostor = CertificateAuthority.Create("Oracle Root CA", site.Clock);
        using X509Certificate2 client = TlsSite.WithKey(impostor.Issue(new CertificateOrder { CommonName = "client" }));
        (TlsFacts facts, _) = await TlsSite.MeetAsync(site.Server(), client, clientChain: [impostor.Certificate]);
        Assert.Equal(TlsVerify.Fail, facts.Verify);
    }

    [Fact]
    public async Task Self_signed_certificate_is_verify_FAIL_and_the_session_goes_on()
    {
        using X509Certificate2 client = site.SelfSigned("selfsigned.example");
        (TlsFacts facts, _) = await TlsSite.MeetAsync(site.Server(), client);
        Assert.Equal(TlsVerify.Fail, facts.Verify);
        Assert.Contains("self", facts.VerifyMessage, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Expired_certificate_is_verify_FAIL_and_the_session_goes_on()
    {
        using X509Certificate2 client = TlsSite.WithKey(site.Authority.Issue(new CertificateOrder { CommonName = "client", Lifetime = TimeSpan.FromDays(1) }));
        ServerTls server = site.Server();
        Assert.Equal(TlsVerify.Ok, (await TlsSite.MeetAsync(server, client)).Facts.Verify);
        site.Clock.Advance(TimeSpan.FromDays(2));
        (TlsFacts facts, _) = await TlsSite.MeetAsync(server, client);
        Assert.Equal(TlsVerify.Fail, facts.Verify);
        Assert.Contains("expired", facts.VerifyMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_binding_is_the_hash_of_the_certificate_that_the_client_saw()
    {
        (TlsFacts facts, X509Certificate2? shown) = await TlsSite.MeetAsync(site.Server());
        Assert.Equal(SHA256.HashData(shown!.RawData), facts.EndpointBinding.ToArray());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    public async Task Talker_of_something_else_fails_the_handshake(string said)
    {
        (Stream near, Stream far) = await TlsSite.ConnectAsync();
        await far.WriteAsync(System.Text.Encoding.ASCII.GetBytes(said.Length == 0 ? "" : said + " is not a handshake\r\n"), TestContext.Current.CancellationToken);
        if (said.Length == 0) await far.DisposeAsync();
        Exception? e = await Record.ExceptionAsync(() => site.Server().AuthenticateAsync(near, TestContext.Current.CancellationToken).AsTask());
        Assert.True(e is AuthenticationException or IOException, $"{e}");
    }

    [Theory]
    [InlineData("CACertPath")]
    [InlineData("CACertFile")]
    [InlineData("ServerCertFile")]
    [InlineData("ServerKeyFile")]
    public void Each_of_the_four_paths_is_needed(string option)
    {
        TlsPaths paths = option switch
        {
            "CACertPath" => site.Paths with { CaCertPath = null },
            "CACertFile" => site.Paths with { CaCertFile = null },
            "ServerCertFile" => site.Paths with { ServerCertFile = null },
            _ => site.Paths with { ServerKeyFile = null },
        };
        ServerTls tls = new(paths, site.Clock);
        Assert.False(tls.IsAvailable);
        Assert.Equal($"{option}: not set", Assert.Single(tls.Diagnostics));
    }

    [Fact]
    public void Working_site_has_no_diagnostics()
    {
        ServerTls tls = site.Server();
        Assert.Empty(tls.Diagnostics);
        Assert.True(tls.IsAvailable);
    }

    [Fact]
    public void Missing_file_is_named()
    {
        ServerTls tls = new(site.Paths with { ServerCertFile = site.At("nowhere.crt") }, site.Clock);
        Assert.False(tls.IsAvailable);
        Assert.StartsWith(site.At("nowhere.crt") + ": not found", Assert.Single(tls.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public void Key_of_another_certificate_makes_TLS_unavailable()
    {
        ServerTls tls = new(site.Paths with { ServerKeyFile = site.At("ca.key") }, site.Clock);
        Assert.False(tls.IsAvailable);
        Assert.Contains("does not fit", Assert.Single(tls.Diagnostics), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("rubbish")]
    [InlineData("")]
    public void Damaged_files_make_TLS_unavailable(string content)
    {
        File.WriteAllText(site.At("bad.pem"), content);
        File.SetUnixFileMode(site.At("bad.pem"), UnixFileMode.UserRead);
        foreach (TlsPaths paths in new[] { site.Paths with { ServerCertFile = site.At("bad.pem") }, site.Paths with { ServerKeyFile = site.At("bad.pem") }, site.Paths with { CaCertFile = site.At("bad.pem") } })
        {
            ServerTls tls = new(paths, site.Clock);
            Assert.False(tls.IsAvailable);
            Assert.Contains(site.At("bad.pem"), Assert.Single(tls.Diagnostics), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Key_that_others_may_read_makes_TLS_unavailable_and_the_remedy_is_told()
    {
        File.SetUnixFileMode(site.At("server.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        ServerTls tls = site.Server();
        Assert.False(tls.IsAvailable);
        Assert.EndsWith("mend with: chmod 600 " + site.At("server.key"), Assert.Single(tls.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public void World_writable_directory_makes_TLS_unavailable_and_the_remedy_is_told()
    {
        File.SetUnixFileMode(site.Directory, (UnixFileMode)0b111_111_111);
        ServerTls tls = site.Server();
        Assert.False(tls.IsAvailable);
        Assert.Contains(tls.Diagnostics, d => d.EndsWith("mend with: chmod o-w " + site.Directory, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Certificate_and_key_may_stand_in_one_file_with_the_intermediates()
    {
        using RSA authorityKey = RSA.Create(2048);
        CertificateRequest rootRequest = new("CN=Root", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 root = rootRequest.CreateSelfSigned(site.Clock.GetUtcNow().AddDays(-1), site.Clock.GetUtcNow().AddDays(30));
        using RSA middleKey = RSA.Create(2048);
        CertificateRequest middleRequest = new("CN=Middle", middleKey, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
        middleRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 middle = middleRequest.Create(root, new DateTimeOffset(root.NotBefore), new DateTimeOffset(root.NotAfter), [1]).CopyWithPrivateKey(middleKey);
        using RSA leafKey = RSA.Create(2048);
        CertificateRequest leafRequest = new("CN=mx.example.com", leafKey, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
        using X509Certificate2 leaf = leafRequest.Create(middle, new DateTimeOffset(middle.NotBefore), new DateTimeOffset(middle.NotAfter), [2]);
        await File.WriteAllTextAsync(site.At("all.pem"), leafKey.ExportRSAPrivateKeyPem() + "\n" + leaf.ExportCertificatePem() + "\n" + middle.ExportCertificatePem() + "\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(site.At("all.pem"), UnixFileMode.UserRead);

        ServerTls tls = new(site.Paths with { ServerCertFile = site.At("all.pem"), ServerKeyFile = site.At("all.pem") }, site.Clock);
        Assert.Empty(tls.Diagnostics);
        OpenSslRun run = await OpenSsl.AgainstAsync(tls, "-showcerts");
        Assert.Contains("CN = Middle", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Output.Split("-----BEGIN CERTIFICATE-----").Length - 1);
        Assert.Equal(SHA384.HashData(leaf.RawData), run.Facts[0].EndpointBinding.ToArray());

        // The same chain shown by a client: the intermediates that it sends are used, the root must be ours.
        await File.WriteAllTextAsync(site.At("root.pem"), root.ExportCertificatePem(), TestContext.Current.CancellationToken);
        ServerTls trusting = new(site.Paths with { CaCertFile = site.At("root.pem") }, site.Clock);
        OpenSslRun shown = await OpenSsl.AgainstAsync(trusting, "-cert", site.At("all.pem"), "-cert_chain", site.At("all.pem"), "-key", site.At("all.pem"));
        Assert.True(shown.Facts[0].Verify == TlsVerify.Ok, shown.Facts[0].VerifyMessage);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Session_is_never_resumed_so_that_no_old_identity_comes_back(string version)
    {
        string ticket = site.At("session.pem");
        ServerTls tls = site.Server();
        using IssuedCertificate client = site.Authority.Issue(new CertificateOrder { CommonName = "client" });
        client.Save(site.At("client.crt"), site.At("client.key"));
        OpenSslRun first = await OpenSsl.AgainstAsync(tls, version, "-cert", site.At("client.crt"), "-key", site.At("client.key"), "-sess_out", ticket);
        Assert.Equal(TlsVerify.Ok, first.Facts[0].Verify);
        if (!File.Exists(ticket)) return; // nothing to come back with
        OpenSslRun second = await OpenSsl.AgainstAsync(tls, version, "-sess_in", ticket);
        Assert.DoesNotContain("Reused", second.Output, StringComparison.Ordinal);
        Assert.Equal(TlsVerify.No, second.Facts[0].Verify);
    }

    [Fact]
    public async Task Reload_swaps_the_certificate_and_refuses_one_that_does_not_work()
    {
        ServerTls tls = site.Server();
        (_, X509Certificate2? old) = await TlsSite.MeetAsync(tls);
        using (IssuedCertificate renewed = site.Authority.Issue(new CertificateOrder { CommonName = "mx.example.com" }))
            renewed.Save(site.Paths.ServerCertFile!, site.Paths.ServerKeyFile!, replace: true);
        Assert.True(tls.Reload());
        (_, X509Certificate2? fresh) = await TlsSite.MeetAsync(tls);
        Assert.False(old!.RawDataMemory.Span.SequenceEqual(fresh!.RawDataMemory.Span), "the old certificate is still shown");

        await File.WriteAllTextAsync(site.Paths.ServerCertFile!, "half a certif", TestContext.Current.CancellationToken);
        Assert.False(tls.Reload());
        Assert.True(tls.IsAvailable);
        Assert.Contains(site.Paths.ServerCertFile!, Assert.Single(tls.Diagnostics), StringComparison.Ordinal);
        (_, X509Certificate2? kept) = await TlsSite.MeetAsync(tls);
        Assert.Equal(fresh.Thumbprint, kept!.Thumbprint);
    }

    [Fact]
    public async Task Client_that_knows_no_more_than_TLS_1_1_is_refused()
    {
        OpenSslRun run = await OpenSsl.AgainstAsync(site.Server(), "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");
        Assert.Empty(run.Facts);
    }

    [Fact]
    public async Task Changed_files_are_taken_and_unchanged_ones_are_not_read_again()
    {
        ServerTls tls = site.Server();
        Assert.False(tls.ReloadIfChanged());
        using IssuedCertificate renewed = site.Authority.Issue(new CertificateOrder { CommonName = "mx.example.com" });
        renewed.Save(site.Paths.ServerCertFile!, site.Paths.ServerKeyFile!, replace: true);
        Assert.True(tls.ReloadIfChanged());
        (_, X509Certificate2? shown) = await TlsSite.MeetAsync(tls);
        Assert.Equal(renewed.Certificate.RawData, shown!.RawData);
        Assert.False(tls.ReloadIfChanged());
    }

    [Fact]
    public void Key_of_another_user_is_used_only_when_that_user_is_trusted()
    {
        Assert.SkipUnless(FileStatus.EffectiveUser == 0, "only root can give files away");
        using IssuedCertificate pair = site.Authority.Issue(new CertificateOrder { CommonName = "mx.example.com" });
        Postrider.Mta.Files.WholeFile.Write(site.At("given.key"), System.Text.Encoding.ASCII.GetBytes(pair.KeyPem), UnixFileMode.UserRead, replace: false, (12345, 12345));
        File.WriteAllText(site.At("given.crt"), pair.CertificatePem);
        TlsPaths paths = site.Paths with { ServerCertFile = site.At("given.crt"), ServerKeyFile = site.At("given.key") };
        Assert.Contains("owned by uid 12345", Assert.Single(new ServerTls(paths, site.Clock).Diagnostics), StringComparison.Ordinal);
        Assert.True(new ServerTls(paths with { TrustedOwner = 12345 }, site.Clock).IsAvailable);
    }

    [Fact]
    public void Of_two_pairs_the_first_is_served_and_told()
    {
        ServerTls tls = new(site.Paths with { ServerCertFile = site.At("server.crt") + ",/second.crt", ServerKeyFile = site.At("server.key") + ",/second.key" }, site.Clock);
        Assert.True(tls.IsAvailable);
        Assert.Collection(tls.Diagnostics,
            d => Assert.StartsWith("ServerCertFile: ", d, StringComparison.Ordinal),
            d => Assert.StartsWith("ServerKeyFile: ", d, StringComparison.Ordinal));
    }
}
