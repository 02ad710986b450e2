using Postrider.Mail;
using Postrider.Mta.Rules;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Routing;

/// <summary>
/// Addresses by the site's own rules, as sendmail resolves them: canonify (3) and parse (0) make the mailer triple, the mailer's recipient rulesets and final (4)
/// its user; localaddr (5) may send a local one elsewhere.
/// </summary>
/// <remarks>
/// Immutable and thread-safe. Differs from sendmail: an address that cannot be resolved now (a map, a rule that loops) is refused with 451 at RCPT; sendmail accepts
/// it and parses it again later. A mailer that is not there is 451 too: mail waits at its sender until the file is mended.
/// </remarks>
public sealed class RulesetRouter(SiteRules rules, RulesetRouterSettings settings) : IRouter
{
    private const int MostDetours = 10; // localaddr may name another local user, who is asked again; sendmail's MaxAliasRecursion

    private static readonly EnhancedStatusCode Malformed = new(5, 0, 0);
    private static readonly EnhancedStatusCode TooLong = new(5, 1, 0);
    private static readonly EnhancedStatusCode UnknownUser = new(5, 1, 1);
    private static readonly EnhancedStatusCode NotPermitted = new(5, 7, 1);
    private static readonly EnhancedStatusCode Temporary = new(4, 3, 0);
    private static readonly EnhancedStatusCode Misconfigured = new(4, 3, 5);

    public AddressCanonifier Canonifier { get; } = new(settings.Local);

    public async ValueTask<AddressReading> ReadAsync(string address, AddressKind kind, RewriteContext? rewriting, CancellationToken cancellationToken)
    {
        RewriteContext seen = Seen(rewriting);
        seen.Macros.Set("addr_type", kind == AddressKind.Sender ? "e s" : "e r");
        TokenizeResult read = rules.Tokenizer.Tokenize(address);
        if (read.Problems.Count > 0 || read.Tokens.Count == 0) return new AddressReading(null, Unreadable(read));
        if (read.Tokens[0] != "<")
        {
            read.Tokens.Insert(0, "<");
            read.Tokens.Add(">");
        }

        Workspace workspace = new(read.Tokens);
        if (!await RunAsync(["3", "0"], workspace, seen, cancellationToken)) return new AddressReading(null, NotNow("canonify, parse"));
        (MailerTriple? triple, RouteVerdict? refusal) = await BuildAsync(workspace, seen, cancellationToken);
        if (triple is null) return new AddressReading(null, refusal);
        string text = address;
        if (kind == AddressKind.Sender)
        {
            // What the sender is called from here on ($f): through 3, 1 and 4.
            Workspace external = new(read.Tokens);
            if (!await RunAsync(["3", "1", "4"], external, seen, cancellationToken)) return new AddressReading(null, NotNow("the sender's rulesets"));
            if (RuleText.Of(rules.Tokenizer, external.Tokens) is { Length: > 0 } rewritten) text = rewritten;
        }

        return new AddressReading(Canonical(text, triple), null);
    }

    public async ValueTask<RouteVerdict> RouteAsync(CanonicalAddress address, RewriteContext? rewriting, CancellationToken cancellationToken)
    {
        RewriteContext seen = Seen(rewriting);
        RouteVerdict verdict = Parsed(address);
        for (int detour = 0; detour < MostDetours && verdict.IsRouted; detour++)
        {
            if (await DetourAsync(verdict, seen, cancellationToken) is not { } next) return await KnownAsync(verdict, cancellationToken);
            verdict = next;
        }

        return verdict.IsRouted ? RouteVerdict.Refused(451, Misconfigured, "Local configuration error", verdict.Reasons.Then(ReasonKind.Ruleset, "localaddr leads in circles")) : verdict;
    }

    public async ValueTask<RouteVerdict> RouteAsync(ForwardPath path, CancellationToken cancellationToken)
    {
        RewriteContext seen = Seen(null);
        AddressReading reading = await ReadAsync(path.Address, AddressKind.Recipient, seen, cancellationToken);
        return reading.IsRead ? await RouteAsync(reading.Address, seen, cancellationToken) : reading.Refusal;
    }

    private RewriteContext Seen(RewriteContext? rewriting) => rewriting ?? rules.Begin(new MacroTable(rules.Macros));

    /// <summary>False: no answer, or not one to rely on.</summary>
    private async ValueTask<bool> RunAsync(IEnumerable<string> names, Workspace workspace, RewriteContext seen, CancellationToken cancellationToken)
    {
        foreach (string name in names)
        {
            if (await rules.Engine.RewriteAsync(name, workspace, seen, cancellationToken) != RewriteStatus.Ok) return false;
        }

        return true;
    }

    /// <summary>What parse left becomes a triple: the mailer known, its user as the mailer writes it.</summary>
    private async ValueTask<(MailerTriple? Triple, RouteVerdict? Refusal)> BuildAsync(Workspace workspace, RewriteContext seen, CancellationToken cancellationToken)
    {
        if (Sendmail.Rewriting.MailerTriple.Read(workspace.Tokens) is not { User: { } user } resolved) return (null, Wrong("no mailer in parsed address"));
        string host = RuleText.Of(rules.Tokenizer, resolved.Host);
        if (resolved.IsError)
        {
            ErrorMailer error = ErrorMailer.Read(new MailerTriple("error", host, RuleText.Message(rules.Tokenizer, user)));
            return (null, RouteVerdict.Refused(error.Code, error.Status, error.Text, Reason($"parse: $#error {error.Code} {error.Status}")));
        }

        if (resolved.Mailer.Equals("discard", StringComparison.OrdinalIgnoreCase)) return (new MailerTriple("discard", "", "discard"), null);
        string name = Detoured(resolved.Mailer, user);
        if (name is "prog" or "*file*" or "*include*") return (new MailerTriple(name, "", RuleText.Of(rules.Tokenizer, user)), null);
        if (!rules.Mailers.TryGetValue(name, out CfMailer? mailer)) return (null, Wrong($"unknown mailer {name}"));
        if (host.Length == 0 && mailer.Path == "[IPC]") return (null, Wrong($"mailer {name} without a host"));
        Workspace written = new(user);
        string own = mailer.RecipientRulesets?.Envelope ?? "";
        if (!await RunAsync(own.Length > 0 && rules.Engine.Program.Find(own) is { Number: > 0 } ? ["2", own, "4"] : ["2", "4"], written, seen, cancellationToken)) return (null, NotNow(mailer.Name));
        string text = RuleText.Of(rules.Tokenizer, written.Tokens);
        string flags = mailer.Flags;
        return (new MailerTriple(
            mailer.Name,
            flags.Contains('h', StringComparison.Ordinal) ? host : host.ToLowerInvariant(),
            flags.Contains('u', StringComparison.Ordinal) ? text : text.ToLowerInvariant()), null);
    }

    /// <summary>The mailer local hands programs, files and lists on, where its flags say so.</summary>
    private string Detoured(string mailer, IReadOnlyList<string> user)
    {
        if (!mailer.Equals("local", StringComparison.OrdinalIgnoreCase) || user.Count == 0 || !rules.Mailers.TryGetValue("local", out CfMailer? local)) return mailer;
        string text = string.Concat(user).TrimStart('"');
        bool Takes(char flag) => local.Flags.Contains(flag, StringComparison.Ordinal);
        if (text.StartsWith('|') && Takes('|')) return "prog";
        if (text.StartsWith('/') && Takes('/')) return "*file*";
        return text.StartsWith(":include:", StringComparison.OrdinalIgnoreCase) && Takes(':') ? "*include*" : mailer;
    }

    /// <summary>What rulesets 3 and 0 made of an address.</summary>
    internal RouteVerdict Parsed(CanonicalAddress address)
    {
        MailerTriple triple = address.Triple ?? throw new ArgumentException($"{address} was not read by the site's rules", nameof(address));
        return RouteVerdict.To(triple, Reason($"parse: {address} is {Shown(triple)}"));
    }

    /// <summary>One step through localaddr (5), for a triple whose mailer wants it. Null: it stays where it is.</summary>
    internal async ValueTask<RouteVerdict?> DetourAsync(RouteVerdict from, RewriteContext? rewriting, CancellationToken cancellationToken)
    {
        MailerTriple triple = from.Triple!;
        if (!IsLocal(triple) || OnlyAliasMayName(triple) is not null || !Has(triple, '5') || !rules.Defines("5")) return null;
        RewriteContext seen = Seen(rewriting);
        seen.Macros.Set("u", triple.User);
        seen.Macros.Set("h", triple.Host); // the rules of localaddr find the +detail there
        Workspace workspace = new(rules.Tokenizer.Tokenize(triple.User).Tokens);
        if (!await RunAsync(["5"], workspace, seen, cancellationToken)) return NotNow("localaddr");
        if (!workspace.NamesMailer) return null;
        (MailerTriple? other, RouteVerdict? refusal) = await BuildAsync(workspace, seen, cancellationToken);
        if (other is null) return refusal!;

        // localaddr says "@ user" where the detail has become the host and nothing more is to be done about the user.
        if (IsLocal(other) && other.User is ['@', _, ..]) other = other with { User = other.User[1..].TrimStart() };
        return other == triple ? null : RouteVerdict.To(other, from.Reasons.Then(ReasonKind.Ruleset, $"localaddr: {triple.User} is {Shown(other)}"));
    }

    /// <summary>Whether there is somebody behind a triple that nothing leads away from.</summary>
    internal async ValueTask<RouteVerdict> KnownAsync(RouteVerdict verdict, CancellationToken cancellationToken)
    {
        MailerTriple triple = verdict.Triple!;

        // Rules end a name that the DNS has completed with a dot; a mailer wants it without.
        if (!IsLocal(triple)) return RouteVerdict.To(triple with { Host = triple.Host.TrimEnd('.') }, verdict.Reasons);
        if (OnlyAliasMayName(triple) is { } text) return RouteVerdict.Refused(550, NotPermitted, text, verdict.Reasons);
        if (!Has(triple, 'w')) return verdict;
        try
        {
            return await settings.Users.ExistsAsync(triple.User, cancellationToken)
                ? verdict
                : RouteVerdict.Refused(550, UnknownUser, "User unknown", verdict.Reasons.Then(ReasonKind.Local, $"no user {triple.User}"));
        }
        catch (MapUnavailableException e)
        {
            return RouteVerdict.Unavailable(e);
        }
    }

    /// <summary>A flag of the mailer that a triple names.</summary>
    internal bool Has(MailerTriple triple, char flag) => rules.Mailers.TryGetValue(triple.Mailer, out CfMailer? mailer) && mailer.Flags.Contains(flag, StringComparison.Ordinal);

    /// <summary>Flag l: final delivery happens here. Programs, files and lists do too.</summary>
    private bool IsLocal(MailerTriple triple) => triple.Mailer is "prog" or "*file*" or "*include*" || Has(triple, 'l');

    /// <summary>sendmail 8.17, oracle 05: texts for what only an alias may name.</summary>
    private static string? OnlyAliasMayName(MailerTriple triple) => triple.Mailer switch
    {
        "prog" => "Cannot mail directly to programs",
        "*file*" => "Cannot mail directly to files",
        "*include*" => "Cannot mail directly to :include:s",
        _ => null,
    };

    private CanonicalAddress Canonical(string text, MailerTriple triple)
    {
        int at = text.LastIndexOf('@');
        string domain = at < 0 ? "" : text[(at + 1)..].TrimEnd('.').ToLowerInvariant();
        return new CanonicalAddress(at < 0 ? text : text[..at], domain, IsLocal(triple), WasRerouted: false) { Triple = triple };
    }

    private static RouteVerdict Unreadable(TokenizeResult read)
    {
        string problem = read.Problems.Count > 0 ? read.Problems[0] : "User address required";
        bool isLong = problem.EndsWith("too long", StringComparison.Ordinal);
        return RouteVerdict.Refused(553, isLong ? TooLong : Malformed, isLong ? "Address too long" : problem, Reason("prescan: " + problem));
    }

    private static RouteVerdict NotNow(string ruleset) =>
        RouteVerdict.Refused(451, Temporary, "Temporary system failure. Please try again later.", Reason($"{ruleset}: no answer now"));

    private static RouteVerdict Wrong(string what) => RouteVerdict.Refused(451, Misconfigured, "Local configuration error", Reason("buildaddr: " + what));

    private static string Shown(MailerTriple triple) => triple.Host.Length == 0 ? $"{{{triple.Mailer}, {triple.User}}}" : $"{{{triple.Mailer}, {triple.Host}, {triple.User}}}";

    private static ReasonChain Reason(string text) => ReasonChain.Of(ReasonKind.Ruleset, text);
}
