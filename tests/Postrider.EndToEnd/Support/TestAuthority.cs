namespace Postrider.EndToEnd.Support;

/// <summary>A real certificate authority made with openssl for one test site.</summary>
internal sealed class TestAuthority(string directory)
{
    public string CaFile => Path.Combine(directory, "ca.crt");

    public string HashDirectory => directory;

    public async Task CreateAsync(string subject = "/O=Test/CN=Test CA")
    {
        Directory.CreateDirectory(directory);
        await OpenSslAsync("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-keyout", In("ca.key"), "-out", CaFile, "-subj", subject,
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign,cRLSign");
    }

    /// <summary>Issues NAME.crt and NAME.key.</summary>
    public async Task<(string Certificate, string Key)> IssueAsync(string name, string subject, string alternativeName)
    {
        await OpenSslAsync("req", "-newkey", "rsa:2048", "-nodes", "-keyout", In(name + ".key"), "-out", In(name + ".csr"), "-subj", subject);
        await File.WriteAllTextAsync(In(name + ".ext"), $"basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName={alternativeName}\n");
        await OpenSslAsync("x509", "-req", "-in", In(name + ".csr"), "-CA", CaFile, "-CAkey", In("ca.key"), "-CAcreateserial", "-days", "30",
            "-extfile", In(name + ".ext"), "-out", In(name + ".crt"));
        return (In(name + ".crt"), In(name + ".key"));
    }

    private string In(string name) => Path.Combine(directory, name);

    private static async Task OpenSslAsync(params string[] arguments) => (await Command.RunAsync("openssl", arguments)).MustSucceed();
}
