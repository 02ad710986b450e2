using Postrider.Mail;
using Postrider.Mta.Routing;
using Postrider.Tests.Mta.Aliasing;
using Postrider.Tests.Mta.Receiving;

namespace Postrider.Tests.Mta.Routing;

public sealed class RouterTests
{
    private readonly FakeMailboxes mailboxes = new("alice", "carol@oracle.test", "alice+box", "dora@mx.oracle.test");

    [Theory]
    [InlineData("alice", "maildir", "/mail/alice", "alice")]
    [InlineData("Alice@ORACLE.test", "maildir", "/mail/alice", "alice")]
    [InlineData("alice@localhost", "maildir", "/mail/alice", "alice")]
    [InlineData("alice@[127.0.0.1]", "maildir", "/mail/alice", "alice")]
    [InlineData("alice+news@oracle.test", "maildir", "/mail/alice", "alice+news")]
    [InlineData("alice+box@oracle.test", "maildir", "/mail/alice+box", "alice+box")]
    [InlineData("carol@oracle.test", "maildir", "/mail/carol", "carol")]
    [InlineData("carol+x@oracle.test", "maildir", "/mail/carol", "carol+x")]
    [InlineData("dora", "maildir", "/mail/dora", "dora")]
    [InlineData("x@Example.ORG", "esmtp", "example.org", "x@example.org")]
    [InlineData("x@[192.0.2.9]", "esmtp", "[192.0.2.9]", "x@[192.0.2.9]")]
    [InlineData("x%example.org@oracle.test", "esmtp", "example.org", "x@example.org")]
    public async Task Recipient_has_a_mailer_triple(string address, string mailer, string host, string user)
    {
        RouteVerdict route = await RouterFor(null).RouteAsync(ForwardPath.Of(address), TestContext.Current.CancellationToken);
        Assert.True(route.IsRouted, route.Text);
        Assert.Equal(new MailerTriple(mailer, host, user), route.Triple);
        Assert.False(route.Reasons.IsEmpty);
    }

    [Theory]
    [InlineData("alice", "maildir", "/mail/alice", "alice")]
    [InlineData("Bob@oracle.test", "local", "", "bob")]
    [InlineData("bob+news@oracle.test", "local", "+news", "bob")]
    [InlineData("nosuch", null, null, null)]
    public async Task Accounts_of_the_machine_come_behind_the_mailbox_table(string address, string? mailer, string? host, string? user)
    {
        Router router = new(new RoutingSettings { HostName = "mx.oracle.test", Local = ReceivingSite.Local, Mailboxes = mailboxes, Accounts = new FakeUsers() });
        RouteVerdict route = await router.RouteAsync(ForwardPath.Of(address), TestContext.Current.CancellationToken);
        Assert.Equal(mailer is null ? null : new MailerTriple(mailer, host!, user!), route.Triple);
    }

    [Theory]
    [InlineData("carol@mx.oracle.test", "550 5.1.1 User unknown")]
    [InlineData("nosuch@oracle.test", "550 5.1.1 User unknown")]
    [InlineData("+x@oracle.test", "550 5.1.1 User unknown")]
    [InlineData("|/bin/sh@oracle.test", "550 5.7.1 Cannot mail directly to programs")]
    [InlineData("\"|/bin/sh\"", "550 5.7.1 Cannot mail directly to programs")]
    [InlineData("/etc/passwd", "550 5.7.1 Cannot mail directly to files")]
    [InlineData("\"/etc/passwd\"@oracle.test", "550 5.7.1 Cannot mail directly to files")]
    [InlineData(":include:/etc/passwd", "550 5.7.1 Cannot mail directly to :include:s")]
    [InlineData("../alice@oracle.test", "550 5.1.1 User unknown")]
    public async Task Local_name_without_mailbox_is_refused(string address, string reply)
    {
        RouteVerdict route = await RouterFor(null).RouteAsync(ForwardPath.Of(address), TestContext.Current.CancellationToken);
        Assert.Equal(reply, $"{route.Code} {route.Status} {route.Text}");
        Assert.False(route.Reasons.IsEmpty);
    }

    [Theory]
    [InlineData("anybody@oracle.test", "/mail/", "anybody")]
    [InlineData("anybody+x@oracle.test", "/mail/", "anybody+x")]
    [InlineData("alice@oracle.test", "/mail/alice", "alice")]
    public async Task Domain_alone_is_the_last_key_tried(string address, string host, string user)
    {
        Router router = new(new RoutingSettings { HostName = "mx.oracle.test", Local = ReceivingSite.Local, Mailboxes = new FakeMailboxes("alice", "@oracle.test") });
        RouteVerdict route = await router.RouteAsync(ForwardPath.Of(address), TestContext.Current.CancellationToken);
        Assert.Equal(new MailerTriple("maildir", host, user), route.Triple);
    }

    [Fact]
    public async Task Smart_host_takes_what_is_not_local()
    {
        Router router = RouterFor("[smtp.example.com]:2526");
        Assert.Equal(new MailerTriple("relay", "[smtp.example.com]:2526", "x@example.org"), (await router.RouteAsync(ForwardPath.Of("x@example.org"), TestContext.Current.CancellationToken)).Triple);
        Assert.Equal("maildir", (await router.RouteAsync(ForwardPath.Of("alice"), TestContext.Current.CancellationToken)).Triple!.Mailer);
    }

    [Fact]
    public async Task Table_that_cannot_be_read_makes_nobody_unknown()
    {
        mailboxes.IsBroken = true;
        RouteVerdict route = await RouterFor(null).RouteAsync(ForwardPath.Of("alice"), TestContext.Current.CancellationToken);
        Assert.Equal((451, "4.3.0"), (route.Code, route.Status.ToString()));
    }

    private Router RouterFor(string? smartHost) =>
        new(new RoutingSettings { HostName = "mx.oracle.test", Local = ReceivingSite.Local, SmartHost = smartHost, Mailboxes = mailboxes });
}
