using System.Collections.Frozen;
using Postrider.Mail;
using Postrider.Mta.Maps;
using Postrider.Mta.Policy;
using Postrider.Mta.Routing;
using Postrider.Mta.Rules;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Rewriting;
using Postrider.Smtp.Server;
using Postrider.Tests.Mta.Receiving;

namespace Postrider.Tests.Mta;

/// <summary>Rules of a site's own, as text; the map <c>down</c> cannot be asked.</summary>
internal sealed class RuleSite
{
    public const string Mailers = "Mlocal, P=/bin/deliver, F=lsDFMAw5:/|@qPn9, R=EnvToL, A=deliver -d $u\nMesmtp, P=[IPC], F=mDFMuXa, A=TCP $h\nMprog, P=/bin/sh, F=lsDFMoqeu9, A=sh -c $u\n";

    public RuleSite(string cf, bool isClassic = true)
    {
        CfDocument document = CfDocument.Parse((isClassic ? "V10/Berkeley\n" : "V10/Postrider\n") + "O OperatorChars=.:%@!^/[]+\nDjmx.oracle.test\n" + Mailers + cf, "t.cf");
        MacroTable macros = new();
        ClassTable classes = new();
        RulesetProgram program = RuleCompiler.Compile(document, macros, classes);
        Assert.DoesNotContain(program.Diagnostics, static one => one.Severity == Severity.Error);
        MapTable maps = MapTable.Of(document, static line => line.Type == "stab" ? new UnavailableMap("the map is down") : null, static _ => { });
        Rules = new SiteRules
        {
            Engine = new RewritingEngine(program),
            Macros = macros,
            Classes = classes,
            Maps = maps,
            Mailers = document.Mailers.ToFrozenDictionary(static mailer => mailer.Name, StringComparer.OrdinalIgnoreCase),
            HeaderChecks = document.Headers.Where(static header => header.Ruleset is not null).ToFrozenDictionary(static header => header.Field, StringComparer.OrdinalIgnoreCase),
            IsClassic = isClassic,
        };
        Table = isClassic ? new RulesetTable(InterpretedRuleset.Of(Rules)) : NativeRulesets.Table.With(InterpretedRuleset.Of(Rules));
        Router = new RulesetRouter(Rules, new RulesetRouterSettings { Local = ReceivingSite.Local, Users = new FixedUsers("alice", "root") });
        Context = new PolicyContext(ReceivingSite.SessionFrom("127.2.0.10"), new PolicySettings { HostName = "mx.oracle.test" }, Table, Router.Canonifier, dns: null)
        {
            Rules = Rules,
            Problem = Problems.Add,
        };
    }

    public SiteRules Rules { get; }

    public RulesetTable Table { get; }

    public RulesetRouter Router { get; }

    public PolicyContext Context { get; }

    public List<string> Problems { get; } = [];

    public SmtpSessionFacts Session => Context.Session;

    public async Task<Verdict> CheckAsync(string ruleset, string first, string? second = null, string? subject = null) =>
        await Table.CheckAsync(ruleset, new RulesetArgument(first, second), subject, Context, CancellationToken.None);

    public async Task<string> ReplyAsync(string ruleset, string first, string? second = null, string? subject = null) =>
        (await CheckAsync(ruleset, first, second, subject)).Reply?.ToString() ?? "accepted";

    public async Task<RouteVerdict> RouteAsync(string address) => await Router.RouteAsync(ForwardPath.Of(address), CancellationToken.None);

    private sealed class FixedUsers(params string[] known) : ILocalUsers
    {
        public ValueTask<bool> ExistsAsync(string user, CancellationToken cancellationToken) => user == "unknowable"
            ? throw new MapUnavailableException("passwd", "the name service does not answer")
            : new(known.Contains(user, StringComparer.Ordinal));
    }
}
