using System.Globalization;
using Postrider.Mail;
using Postrider.Mta.Logging;
using Postrider.Mta.Rules;
using Postrider.Sendmail.Rewriting;
using Postrider.Smtp.Client;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Policy;

/// <summary>try_tls, tls_server, authinfo and tls_rcpt of the site's file, for one connection. sendmail 8.17, oracle 25 and 34. Belongs to one session.</summary>
internal sealed class ServerPolicy : ISmtpClientPolicy
{
    private readonly SiteRules rules;
    private readonly SendmailLog log;
    private readonly string serverName;
    private readonly string serverAddress;
    private readonly MacroTable macros;
    private readonly RewriteContext rewriting;

    /// <param name="serverName"><c>${server_name}</c>: without a dot at its end.</param>
    /// <param name="serverAddress"><c>${server_addr}</c>.</param>
    public ServerPolicy(SiteRules rules, SendmailLog log, string serverName, string serverAddress)
    {
        this.rules = rules;
        this.log = log;
        this.serverName = serverName;
        this.serverAddress = serverAddress;
        macros = new MacroTable(rules.Macros);
        macros.Set("server_name", serverName);
        macros.Set("server_addr", serverAddress);
        macros.Set("verify", "NONE");
        macros.Set("cipher_bits", "0");
        rewriting = rules.Begin(macros);
    }

    public static IReadOnlyList<string> Names { get; } = ["try_tls", "tls_server", "tls_rcpt", "authinfo"];

    public async ValueTask<bool?> TriesTlsAsync(CancellationToken cancellationToken)
    {
        RulesetResult? result = await RunAsync("try_tls", new RulesetArgument(serverName), cancellationToken);
        if (result is null || VerdictReader.Read("try_tls", result, subject: null).Reply is not { } refusal) return true;
        log.RulesetReject(null, "try_tls", serverName, null, serverName, refusal);
        return refusal.IsPermanent ? false : null;
    }

    public async ValueTask<SmtpReply?> ServerAsync(TlsFacts? tls, SmtpReply? startTlsRefusal, CancellationToken cancellationToken)
    {
        Announce(tls, startTlsRefusal);
        string verify = macros.Value("verify")!;
        return await CheckAsync("tls_server", new RulesetArgument(verify), cancellationToken);
    }

    public async ValueTask<SmtpClientAuthentication?> AuthenticationAsync(CancellationToken cancellationToken)
    {
        RulesetResult? result = await RunAsync("authinfo", new RulesetArgument(serverName, serverAddress), cancellationToken);
        return result?.Triple is { } triple && !triple.Mailer.Equals("error", StringComparison.OrdinalIgnoreCase) ? AuthInfo.Read(triple.Mailer) : null;
    }

    public ValueTask<SmtpReply?> RecipientAsync(string address, CancellationToken cancellationToken) => CheckAsync("tls_rcpt", new RulesetArgument(address), cancellationToken);

    private void Announce(TlsFacts? tls, SmtpReply? startTlsRefusal)
    {
        // sendmail 8.17, oracle 25: a 454 to STARTTLS is TEMP, another refusal PROTOCOL.
        macros.Set("verify", tls?.Verify.ToString().ToUpperInvariant() ?? (startTlsRefusal is null ? "NONE" : startTlsRefusal.IsPermanent ? "PROTOCOL" : "TEMP"));
        if (tls is null) return;
        macros.Set("tls_version", tls.Version);
        macros.Set("cipher", tls.Cipher);
        macros.Set("cipher_bits", tls.CipherBits.ToString(CultureInfo.InvariantCulture));
        macros.Set("alg_bits", tls.AlgorithmBits.ToString(CultureInfo.InvariantCulture));
        macros.Set("cert_subject", tls.CertSubject);
        macros.Set("cert_issuer", tls.CertIssuer);
        macros.Set("cn_subject", tls.CnSubject);
        macros.Set("cn_issuer", tls.CnIssuer);
    }

    private async ValueTask<SmtpReply?> CheckAsync(string name, RulesetArgument argument, CancellationToken cancellationToken)
    {
        if (await RunAsync(name, argument, cancellationToken) is not { } result || VerdictReader.Read(name, result, subject: null).Reply is not { } refusal) return null;
        log.RulesetReject(null, name, argument.First, argument.Second, serverName, refusal);
        return refusal;
    }

    private async ValueTask<RulesetResult?> RunAsync(string name, RulesetArgument argument, CancellationToken cancellationToken) => rules.Defines(name)
        ? await RulesetCall.RunAsync(rules.Engine, name, argument, rewriting, ReasonChain.Of(ReasonKind.Ruleset, name + ": rules of the site"), cancellationToken)
        : null;
}
