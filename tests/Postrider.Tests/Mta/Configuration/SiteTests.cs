using System.Collections.Immutable;
using System.Net;
using Postrider.Mail;
using Postrider.Mta.Configuration;
using Postrider.Mta.Routing;
using Postrider.Sendmail;
using Postrider.Smtp.Server;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Configuration;

public sealed class SiteTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("postrider-site-").FullName;
    private readonly ManualTimeProvider time = new();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Site_routes_by_its_table()
    {
        Site site = Bind("postmaster admin\nalice@example.com alice\n", out ImmutableArray<Diagnostic> diagnostics)!;
        Assert.Empty(diagnostics);
        RouteVerdict route = await site.Router.RouteAsync(ForwardPath.Of("Alice@example.com"), TestContext.Current.CancellationToken);
        Assert.Equal(new MailerTriple("maildir", Path.Combine(directory, "mail", "alice"), "alice"), route.Triple);
        Assert.Equal("maildir", (await site.Router.RouteAsync(ForwardPath.Of("postmaster@[192.0.2.1]"), TestContext.Current.CancellationToken)).Triple?.Mailer);
    }

    [Fact]
    public void Missing_postmaster_is_a_warning_for_each_domain()
    {
        Assert.NotNull(Bind("alice alice\npostmaster@example.com alice\n", out ImmutableArray<Diagnostic> diagnostics));
        Assert.Equal($"{Path.Combine(directory, "mailboxes")}: warning: mail for postmaster@mx.example.com has no mailbox (add a line: postmaster MAILBOX, or an alias)", Assert.Single(diagnostics).ToString());
    }

    [Fact]
    public async Task Aliases_of_the_site_are_asked_in_the_order_of_AliasFile()
    {
        string first = Path.Combine(directory, "first"), second = Path.Combine(directory, "second");
        await File.WriteAllTextAsync(first, "postmaster: alice\nboth: alice\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(second, "both: bob\nonly: bob\n", TestContext.Current.CancellationToken);
        Site site = Bind("alice alice\nbob bob\n", out ImmutableArray<Diagnostic> diagnostics, site => site with { Aliases = new AliasConfiguration { Maps = [first, second] } })!;
        Assert.Empty(diagnostics); // postmaster is an alias
        Assert.Equal("250 2.1.5 <alice@mx.example.com>", (await site.Expander!.DescribeAsync("both", true, null, TestContext.Current.CancellationToken)).ToString());
        Assert.Equal("250 2.1.5 <bob@mx.example.com>", (await site.Expander.DescribeAsync("only", true, null, TestContext.Current.CancellationToken)).ToString());
    }

    [Fact]
    public async Task An_alias_map_that_is_not_served_refuses_for_now_and_never_for_good()
    {
        Site site = Bind("postmaster admin\n", out ImmutableArray<Diagnostic> diagnostics, static site => site with { Aliases = new AliasConfiguration { Maps = ["oracle:mail.aliases"] } })!;
        Assert.Equal("warning: AliasFile oracle:mail.aliases: class oracle is not served yet; mail for local users is temporarily refused", Assert.Single(diagnostics, one => one.Message.StartsWith("AliasFile", StringComparison.Ordinal)).ToString().TrimStart(':', ' '));
        Assert.Equal(451, (await site.Expander!.DescribeAsync("postmaster", true, null, TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public async Task The_librarys_default_alias_file_need_not_be_there()
    {
        Site site = Bind("postmaster admin\n", out ImmutableArray<Diagnostic> diagnostics, site => site with { Aliases = new AliasConfiguration { Maps = [Path.Combine(directory, "nosuch")] } })!;
        Assert.Empty(diagnostics);
        Assert.Equal("250 2.1.5 <postmaster@mx.example.com>", (await site.Expander!.DescribeAsync("postmaster", true, null, TestContext.Current.CancellationToken)).ToString());
    }

    [Fact]
    public void Broken_table_is_refused_with_every_row()
    {
        Assert.Null(Bind("alice\nbob /etc\n", out ImmutableArray<Diagnostic> diagnostics));
        Assert.Equal(2, diagnostics.Length);
    }

    [Fact]
    public void Engines_get_their_settings()
    {
        Site site = Bind("postmaster admin\n", out _, static site => site with
        {
            Limits = new LimitConfiguration { MaxMessageSize = 1000, MaxRecipients = 5, MaxHops = 7, MaxNoopCommands = 3, RejectNul = true },
            Timeouts = new TimeoutConfiguration { Command = TimeSpan.FromMinutes(1), QueueWarn = TimeSpan.Zero, QueueReturn = TimeSpan.FromDays(1) },
            Privacy = PrivacyFlags.GoAway,
            Queue = new QueueConfiguration { MinRetry = TimeSpan.FromMinutes(1), MaxRunners = 3 },
        })!;
        Assert.Equal((1000, 5, 3, true, TimeSpan.FromMinutes(1)), (site.Server.MaxMessageSize, site.Server.MaxRecipients, site.Server.MaxNoopCommands, site.Server.RejectNul, site.Server.Timeouts.Command));
        Assert.True(site.Server.Privacy.HasFlag(SmtpPrivacy.NoReflection | SmtpPrivacy.NoVrfy | SmtpPrivacy.NeedMailHelo));
        Assert.Equal((1000, 5, 7), (site.Receiving.MaxMessageSize, site.Receiving.MaxRecipients, site.Receiving.MaxHops));
        Assert.Null(site.QueueRunner.Warn);
        Assert.Equal((TimeSpan.FromDays(1), 3, TimeSpan.FromMinutes(1)), (site.QueueRunner.Return, site.QueueRunner.MaxAttempts, site.QueueRunner.Retry.MinInterval));
    }

    [Fact]
    public void Greeting_says_esmtp_behind_its_first_word()
    {
        Site site = Bind("postmaster admin\n", out _, static site => site with { Greeting = "$j ready; $b" })!;
        Assert.Equal("mx.example.com ESMTP ready; Sat, 21 Nov 2026 12:00:00 GMT", site.Server.Greeting!(time.GetUtcNow()));
    }

    [Fact]
    public void Modifiers_are_facts_of_the_listener()
    {
        ListenerFacts facts = Site.FactsOf(new ListenerConfiguration { Name = "TLSMSA", Modifiers = "Eas" }, null);
        Assert.Equal((true, true, true, false, false), (facts.RequiresAuth, facts.IsImplicitTls, facts.NoEtrn, facts.NoAuth, facts.NoStartTls));
    }

    private Site? Bind(string table, out ImmutableArray<Diagnostic> diagnostics, Func<SiteConfiguration, SiteConfiguration>? change = null)
    {
        string file = Path.Combine(directory, "mailboxes");
        File.WriteAllText(file, table);
        SiteConfiguration configuration = new()
        {
            HostName = "mx.example.com",
            Listeners = [],
            LocalDomains = ["mx.example.com", "example.com", "localhost"],
            VirtualMailboxes = new VirtualMailboxConfiguration("text:" + file, Path.Combine(directory, "mail")),
        };
        return Site.Bind(change is null ? configuration : change(configuration), [IPAddress.Parse("192.0.2.1")], time, out diagnostics);
    }
}
