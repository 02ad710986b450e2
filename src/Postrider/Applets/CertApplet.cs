using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Postrider.Cli.Options;
using Postrider.Mta.Certificates;
using Postrider.Mta.Hosting;

namespace Postrider.Cli.Applets;

/// <summary><c>postrider cert</c>: a certificate authority for a site's own hosts, and certificates by it.</summary>
internal static class CertApplet
{
    private const string Usage = """
        postrider cert new-ca --directory DIR [--name NAME]                     DIR/ca.crt, DIR/ca.key, and DIR is a CACertPath
               postrider cert new HOST --directory DIR [--dns NAME,…] [--ip ADDRESS,…] [--replace]      DIR/mx.crt, DIR/mx.key for mx.example.org, by DIR/ca.*
               In place of --directory: new-ca --cert FILE --key FILE [--hash-dir DIR];  new HOST --ca-cert FILE --ca-key FILE --cert FILE --key FILE
        """;

    public static async Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken)
    {
        LongOptions options = LongOptions.Parse(context.Arguments, Usage, ["--directory", "--cert", "--key", "--name", "--hash-dir", "--ca-cert", "--ca-key", "--dns", "--ip"], ["--replace"]);
        try
        {
            switch (options.Operands)
            {
                case ["new-ca"]:
                    await NewAuthorityAsync(context, options);
                    return SysExit.Ok;
                case ["new", { } host]:
                    await NewCertificateAsync(context, options, host);
                    return SysExit.Ok;
                case ["new"]:
                    await NewCertificateAsync(context, options, Required(options, "--name"));
                    return SysExit.Ok;
                default:
                    throw new UsageException("usage: " + Usage);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cert: {e.Message}", SysExit.CannotCreate);
        }
        catch (CryptographicException e)
        {
            throw new UsageException($"cert: {e.Message}", SysExit.DataError);
        }
    }

    private static async Task NewAuthorityAsync(AppletContext context, LongOptions options)
    {
        using CertificateAuthority authority = CertificateAuthority.Create(options["--name"] ?? "Postrider CA of " + Dns.GetHostName(), context.Time);
        string certificate = FileOf(options, "--cert", "ca.crt");
        authority.Save(certificate, FileOf(options, "--key", "ca.key"), options["--hash-dir"] ?? options["--directory"]);
        await context.Output.WriteLineAsync($"{certificate}: {authority.Certificate.Subject}");
    }

    private static async Task NewCertificateAsync(AppletContext context, LongOptions options, string host)
    {
        using CertificateAuthority authority = CertificateAuthority.Load(FileOf(options, "--ca-cert", "ca.crt"), FileOf(options, "--ca-key", "ca.key"), context.Time);
        CertificateOrder order = new()
        {
            CommonName = host,
            DnsNames = [.. Words(options["--dns"])],
            Addresses = [.. Words(options["--ip"]).Select(static text => IPAddress.TryParse(text, out IPAddress? address) ? address : throw new UsageException($"--ip: {text} is no address"))],
        };
        using IssuedCertificate issued = authority.Issue(order);
        string label = host.Split('.')[0];
        string certificate = FileOf(options, "--cert", label + ".crt");
        issued.Save(certificate, FileOf(options, "--key", label + ".key"), options.Has("--replace"));
        await context.Output.WriteLineAsync($"{certificate}: {issued.Certificate.Subject}, until {issued.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");
    }

    private static ImmutableArray<string> Words(string? list) => list is null ? [] : [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>What the option names, or the usual name in --directory, which is made when it is missing.</summary>
    private static string FileOf(LongOptions options, string option, string usual)
    {
        if (options[option] is { } named) return named;
        if (options["--directory"] is not { } directory) throw new UsageException($"--directory or {option} is missing\nusage: {Usage}");
        Directory.CreateDirectory(directory);
        return Path.Combine(directory, usual);
    }

    private static string Required(LongOptions options, string name) => options[name] ?? throw new UsageException($"{name} is missing\nusage: {Usage}");
}
