namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary><c>/parse</c>, <c>/try</c>, <c>/sender</c> and <c>/tryflags</c>: addresses through the rulesets that a delivery would use.</summary>
internal sealed class TestModeAddresses(TestModeSite site, RewriteContext context, IReadOnlyList<TestModeMailer> mailers, TestModeReport report)
{
    private readonly RewritingEngine engine = site.Engine;
    private bool _header;
    private bool _sender;

    private string Kind => $"{(_header ? "header" : "envelope")} {(_sender ? "sender" : "recipient")}";

    private void Print(string text) => report.Print(text);

    /// <summary>Sets what the next addresses are; false if a letter is none of <c>H E S R</c>.</summary>
    internal bool SetFlags(string text)
    {
        foreach (char letter in text)
        {
            switch (char.ToUpperInvariant(letter))
            {
                case 'H': _header = true; break;
                case 'E': _header = false; break;
                case 'S': _sender = true; break;
                case 'R': _sender = false; break;
                default: return false;
            }
        }
        return true;
    }

    internal async ValueTask ParseAsync(string address, CancellationToken cancellationToken)
    {
        Print($"Cracked address = {CrackedAddress.Of(address)}\nParsing {Kind} address\n");
        if (await ResolveAsync(address, cancellationToken).ConfigureAwait(false) is not { } found) { return; }
        Print($"mailer {found.Mailer}{(found.Host.Length > 0 ? $", host {found.Host}" : "")}, user {found.User}\n");
    }

    // canonify, parse, and what the mailer makes of the user. Null if there is nothing to say any more.
    private async ValueTask<(string Mailer, string Host, string User)?> ResolveAsync(string address, CancellationToken cancellationToken)
    {
        if (Read(address) is not { } workspace) { return null; }
        SetAddressType();
        RewriteStatus status = await RunAsync(["3", "0"], workspace, cancellationToken).ConfigureAwait(false);
        if (status is not (RewriteStatus.Ok or RewriteStatus.TemporaryFailure)) { return null; }
        if (!workspace.NamesMailer) { return NoAddress("no mailer in parsed address"); }
        if (MailerTriple.Read(workspace.Tokens) is not { User: { } user } triple) { return NoAddress("no user"); }
        string host = triple.Host is { } tokens ? engine.Program.Tokenizer.Join(tokens) : "";
        if (triple.IsError)
        {
            string text = engine.Program.Tokenizer.Join(user);
            report.UserError(host, text, $"{address}... ");
            return ("*error*", host, text);
        }
        (string name, IReadOnlyList<string> rest) = Local(triple.Mailer, user);
        if (mailers.FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } mailer)
        {
            return NoAddress($"unknown mailer {name}");
        }
        // sendmail 8.17: an @ in front keeps ruleset 5 away, and is gone afterwards.
        workspace.Replace(mailer.Flags.Contains('5', StringComparison.Ordinal) && rest is ["@", ..] ? rest.Skip(1) : rest);
        // sendmail 8.17: an address is parsed as an envelope recipient whatever /tryflags says; a list has no rulesets.
        if (mailer.Name != "*include*") { await RunAsync(RemoteRulesets(mailer.Recipient.Envelope, "2"), workspace, cancellationToken).ConfigureAwait(false); }
        if (status == RewriteStatus.TemporaryFailure) { Print($"{address}... Transient parse error -- message queued for future delivery\n"); }
        return (mailer.Name, host, engine.Program.Tokenizer.Join(workspace.Tokens));
    }

    private (string Mailer, string Host, string User) NoAddress(string why)
    {
        report.SystemError($"buildaddr: {why}");
        return ("*error*", "", "");
    }

    internal async ValueTask TryAsync(string name, string address, CancellationToken cancellationToken)
    {
        if (mailers.FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } mailer)
        {
            Print($"Unknown mailer {name}\n");
            return;
        }
        Print($"Trying {Kind} address {address} for mailer {mailer.Name}\n");
        if (Read(address) is not { } workspace) { return; }
        SetAddressType();
        RewriteStatus status = await RunAsync(["3", .. _sender ? RemoteRulesets(_header ? mailer.Sender.Header : mailer.Sender.Envelope, "1") : RemoteRulesets(_header ? mailer.Recipient.Header : mailer.Recipient.Envelope, "2")], workspace, cancellationToken).ConfigureAwait(false);
        Print($"Rcode = {(status == RewriteStatus.Loop ? 0 : (int)status)}, addr = {CrackedAddress.Of(address).Replace("$g", engine.Program.Tokenizer.Join(workspace.Tokens), StringComparison.Ordinal)}\n");
    }

    internal async ValueTask SenderAsync(string address, CancellationToken cancellationToken)
    {
        // sendmail 8.17: a sender that cannot be used is replaced by whoever asks.
        (string Mailer, string Host, string User)? found = address.Length == 0 ? null : await ResolveAsync(address, cancellationToken).ConfigureAwait(false);
        if (found is null or { Mailer: "*error*" })
        {
            Print($"addr={site.UserName}\n");
            return;
        }
        if (Read(found.Value.User) is not { } workspace) { return; }
        await RunAsync(["3", "1", "4"], workspace, cancellationToken).ConfigureAwait(false);
        Print($"addr={engine.Program.Tokenizer.Join(workspace.Tokens)}\n");
    }

    // Reference §3: "e s", "h r"...
    private void SetAddressType() => context.Macros.Set("addr_type", $"{(_header ? 'h' : 'e')} {(_sender ? 's' : 'r')}");

    // 1 or 2 first, then the mailer's own unless that is ruleset 0, then 4.
    private string[] RemoteRulesets(string own, string common) => engine.Program.Find(own)?.Number is 0 or null ? [common, "4"] : [common, own, "4"];

    private Workspace? Read(string address)
    {
        TokenizeResult read = engine.Program.Tokenizer.Tokenize(address);
        foreach (string problem in read.Problems) { report.AddressProblem(address, problem); }
        return read.Tokens.Count > 0 ? new Workspace(read.Tokens) : null;
    }

    private async ValueTask<RewriteStatus> RunAsync(IEnumerable<string> rulesets, Workspace workspace, CancellationToken cancellationToken)
    {
        // sendmail 8.17, measured: a map that cannot answer now does not end the test.
        RewriteStatus all = RewriteStatus.Ok;
        foreach (string ruleset in rulesets)
        {
            RewriteStatus status = await engine.RewriteAsync(ruleset, workspace, context, cancellationToken).ConfigureAwait(false);
            if (status == RewriteStatus.TemporaryFailure) { all = status; }
            else if (status is not (RewriteStatus.Ok or RewriteStatus.Loop)) { return status; }
        }
        return all;
    }

    // The mailer local hands programs, files and lists on, where its flags say so.
    private (string Mailer, IReadOnlyList<string> User) Local(string name, IReadOnlyList<string> user)
    {
        if (user.Count == 0 || mailers.FirstOrDefault(static mailer => mailer.Name.Equals("local", StringComparison.OrdinalIgnoreCase)) is not { } local
            || !name.Equals("local", StringComparison.OrdinalIgnoreCase)) { return (name, user); }
        string text = string.Concat(user);
        if (text[0] == '|' && local.Flags.Contains('|', StringComparison.Ordinal)) { return ("prog", user); }
        if (text[0] == '/' && local.Flags.Contains('/', StringComparison.Ordinal)) { return ("*file*", user); }
        if (text.StartsWith(":include:", StringComparison.OrdinalIgnoreCase) && local.Flags.Contains(':', StringComparison.Ordinal))
        {
            return ("*include*", engine.Program.Tokenizer.Tokenize(text, ":include:".Length).Tokens);
        }
        return (name, user);
    }
}
