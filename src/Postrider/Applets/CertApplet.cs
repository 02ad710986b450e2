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
        postrider cert new-ca --cert FILE --key FILE [--name NAME] [--hash-dir DIR]
               postrider cert new --ca-cert FILE --ca-key FILE --cert FILE --key FILE --name HOST [--dns NAME,…] [--ip ADDRESS,…] [--replace]
        """;

    public static async Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken)
    {
        LongOptions options = LongOptions.Parse(context.Arguments, Usage, ["--cert", "--key", "--name", "--hash-dir", "--ca-cert", "--ca-key", "--dns", "--ip"], ["--replace"]);
        try
        {
            switch (options.Operands)
            {
                case ["new-ca"]:
                    await NewAuthorityAsync(context, options);
                    return SysExit.Ok;
                case ["new"]:
                    await NewCertificateAsync(context, options);
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
        string certificate = Required(options, "--cert");
        authority.Save(certificate, Required(options, "--key"), options["--hash-dir"]);
        await context.Output.WriteLineAsync($"{certificate}: {authority.Certificate.Subject}");
    }

    private static async Task NewCertificateAsync(AppletContext context, LongOptions options)
    {
        using CertificateAuthority authority = CertificateAuthority.Load(Required(options, "--ca-cert"), Required(options, "--ca-key"), context.Time);
        CertificateOrder order = new()
        {
            CommonName = Required(options, "--name"),
            DnsNames = [.. Words(options["--dns"])],
            Addresses = [.. Words(options["--ip"]).Select(static text => IPAddress.TryParse(text, out IPAddress? address) ? address : throw new UsageException($"--ip: {text} is no address"))],
        };
        using IssuedCertificate issued = authority.Issue(order);
        string certificate = Required(options, "--cert");
        issued.Save(certificate, Required(options, "--key"), options.Has("--replace"));
        await context.Output.WriteLineAsync($"{certificate}: {issued.Certificate.Subject}, until {issued.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");
    }

    private static ImmutableArray<string> Words(string? list) => list is null ? [] : [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static string Required(LongOptions options, string name) => options[name] ?? throw new UsageException($"{name} is missing\nusage: {Usage}");
}
