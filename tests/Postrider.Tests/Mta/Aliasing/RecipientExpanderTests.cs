using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Postrider.Mail;
using Postrider.Mta.Aliasing;
using Postrider.Mta.Routing;
using Postrider.Queue;
using Postrider.Tests.Mta.Receiving;

namespace Postrider.Tests.Mta.Aliasing;

/// <summary>The aliases of oracle 60, and those that a real sendmail 8.17 was asked about besides, with its answers.</summary>
public sealed class RecipientExpanderTests
{
    private const string Text = """
        postmaster: root
        MAILER-DAEMON: postmaster
        root: alice
        multi: alice, bob,
        	carol
        owner-olist: carol
        olist: alice, bob
        nested: olist, carol
        two: alice, bob
        owner-two: carol, bob
        badlist: nosuch1, alice, x@d4.example.org
        hosts: a@d3.example.org, b@d1.example.org, c@d2.example.org, d@d1.example.org, alice, bob, carol
        selfish: selfish, bob
        alice3: alice, alice, ALICE, alice@oracle.test
        loop1: loop2
        loop2: loop1
        beside: loop1, alice
        c1: c2
        c2: c3
        c3: c4
        c4: c5
        c5: c6
        c6: c7
        c7: c8
        c8: c9
        c9: c10
        c10: c11
        c11: c12
        c12: c13
        c13: bob
        prog: "|/usr/bin/id > /var/spool/oracle/prog.out"
        prog2: "|/bin/cat"
        file: /var/spool/files/aliasfile
        self: \self
        alice2: \alice
        tobob: \bob
        quoted: "alice"@oracle.test
        spaces: alice bob
        incbad: :include:/etc/mail/nonexistent
        remote: friend@d1.example.org
        remote2: friend@d1.example.org, FRIEND@D1.example.org
        plus+*: bob
        plus+x: carol
        gone: someone@new.example.REDIRECT
        badaddr: alice@, bob
        group: friends: alice, carol;
        """;

    private static readonly RoutingSettings Routing = new()
    {
        HostName = "mx.oracle.test",
        Local = ReceivingSite.Local,
        Mailboxes = new FakeMailboxes("alice", "bob", "carol", "info@oracle.test"),
        HasRedirect = true,
    };

    private readonly FakeAliases aliases = new(Text);
    private readonly FakeUsers users = new();

    [Theory]
    [InlineData("postmaster", "250 2.1.5 Alice Example <alice@mx.oracle.test>")]
    [InlineData("olist", "250 2.1.5 Bob Bob Co <bob@mx.oracle.test>|Alice Example <alice@mx.oracle.test>")]
    [InlineData("hosts", "250 2.1.5 Carol <carol@mx.oracle.test>|Bob Bob Co <bob@mx.oracle.test>|Alice Example <alice@mx.oracle.test>|<d@d1.example.org>|<b@d1.example.org>|<c@d2.example.org>|<a@d3.example.org>")]
    [InlineData("badlist", "550 5.1.1 nosuch1... User unknown")]
    [InlineData("selfish", "550 5.1.1 selfish... User unknown")]
    [InlineData("alice3", "250 2.1.5 Alice Example <alice@mx.oracle.test>")]
    [InlineData("loop1", "554 5.4.6 aliasing/forwarding loop broken")]
    [InlineData("c2", "554 5.4.6 aliasing/forwarding loop broken (11 aliases deep; 10 max)")]
    [InlineData("c4", "250 2.1.5 Bob Bob Co <bob@mx.oracle.test>")]
    [InlineData("prog", "250 2.1.5 <\"|/usr/bin/id > /var/spool/oracle/prog.out\">")]
    [InlineData("prog2", "250 2.1.5 <|/bin/cat>")]
    [InlineData("file", "250 2.1.5 </var/spool/files/aliasfile>")]
    [InlineData("self", "550 5.1.1 \\self... User unknown")]
    [InlineData("alice2", "250 2.1.5 Alice Example <\\alice@mx.oracle.test>")]
    [InlineData("quoted", "250 2.1.5 Alice Example <alice@mx.oracle.test>")]
    [InlineData("spaces", "550 5.1.1 alice bob... User unknown")]
    [InlineData("incbad", "550 5.2.4 :include:/etc/mail/nonexistent... Cannot open /etc/mail/nonexistent: No such file or directory")]
    [InlineData("remote", "250 2.1.5 <friend@d1.example.org>")]
    [InlineData("remote2", "250 2.1.5 <FRIEND@D1.example.org>|<friend@d1.example.org>")]
    [InlineData("plus+y", "250 2.1.5 Bob Bob Co <bob@mx.oracle.test>")]
    [InlineData("plus+x", "250 2.1.5 Carol <carol@mx.oracle.test>")]
    [InlineData("gone", "551 5.1.1 User has moved; please try <someone@new.example>")]
    [InlineData("badaddr", "553 5.1.3 alice@... Hostname required")]
    [InlineData("group", "250 2.1.5 Carol <carol@mx.oracle.test>|Alice Example <alice@mx.oracle.test>")]
    [InlineData("alice", "250 2.1.5 Alice Example <alice@mx.oracle.test>")]
    [InlineData("nosuch", "550 5.1.1 nosuch... User unknown")]
    [InlineData("c1@example.org", "250 2.1.5 <c1@example.org>")]
    [InlineData("<alice@oracle.test>, bob", "250 2.1.5 Bob Bob Co <bob@mx.oracle.test>|Alice Example <alice@mx.oracle.test>")]
    [InlineData("|/bin/true", "550 5.7.1 |/bin/true... Cannot mail directly to programs")]
    [InlineData("/etc/passwd", "550 5.7.1 /etc/passwd... Cannot mail directly to files")]
    [InlineData(":include:/etc/mail/l1", "550 5.7.1 :include:/etc/mail/l1... Cannot mail directly to :include:s")]
    [InlineData("<>", "550 5.1.1 <>... User unknown")]
    public async Task Expn_answers_as_sendmail(string argument, string reply) =>
        Assert.Equal(reply, Shown(await Expander().DescribeAsync(argument, isExpansion: true, null, CancellationToken.None)));

    [Theory]
    [InlineData("alice", "250 2.1.5 Alice Example <alice@mx.oracle.test>")]
    [InlineData("<alice@oracle.test>", "250 2.1.5 Alice Example <alice@mx.oracle.test>")]
    [InlineData("\\alice", "250 2.1.5 Alice Example <\\alice@mx.oracle.test>")]
    [InlineData("alice+x", "250 2.1.5 Alice Example <alice@mx.oracle.test>")]
    [InlineData("olist", "250 2.1.5 <olist@mx.oracle.test>")]
    [InlineData("ROOT", "250 2.1.5 <root@mx.oracle.test>")]
    [InlineData("plus+y", "250 2.1.5 <plus+*@mx.oracle.test>")]
    [InlineData("plus+x", "250 2.1.5 <plus+x@mx.oracle.test>")]
    [InlineData("loop1", "250 2.1.5 <loop1@mx.oracle.test>")]
    [InlineData("info@oracle.test", "250 2.1.5 <info@oracle.test>")]
    [InlineData("nosuch", "550 5.1.1 nosuch... User unknown")]
    [InlineData("nosuch+x", "550 5.1.1 nosuch+x... User unknown")]
    [InlineData("c1@example.org", "252 2.1.5 <c1@example.org>")]
    [InlineData("x@new.example.REDIRECT", "551 5.1.1 User has moved; please try <x@new.example>")]
    [InlineData("\"|/bin/true\"", "550 5.7.1 \"|/bin/true\"... Cannot mail directly to programs")]
    public async Task Vrfy_answers_as_sendmail(string argument, string reply) =>
        Assert.Equal(reply, Shown(await Expander().DescribeAsync(argument, isExpansion: false, null, CancellationToken.None)));

    [Theory]
    [InlineData("gone@oracle.test", 250, true)]
    [InlineData("loop1@oracle.test", 250, true)]
    [InlineData("plus+anything@oracle.test", 250, true)]
    [InlineData("alice@oracle.test", 250, false)]
    [InlineData("info@oracle.test", 250, false)]
    [InlineData("alice@example.org", 250, false)]
    [InlineData("nosuch@oracle.test", 550, false)]
    public async Task At_rcpt_an_alias_that_exists_is_somebody(string address, int code, bool isAlias)
    {
        RecipientCheck check = await Check(address);
        Assert.Equal((code, isAlias), (check.Verdict.Code, check.IsAlias));
    }

    [Theory]
    [InlineData("multi", "carol; bob; alice")]
    [InlineData("nested", "carol; bob<owner>; alice<owner>")]
    [InlineData("alice3", "alice")]
    [InlineData("tobob", "\\bob")]
    [InlineData("beside", "alice; loop1 = 554 5.4.6 aliasing/forwarding loop broken")]
    [InlineData("c1", "c11 = 554 5.4.6 aliasing/forwarding loop broken (11 aliases deep; 10 max)")]
    [InlineData("gone", "someone@new.example.REDIRECT = 551 5.1.1 User has moved; please try <someone@new.example>")]
    [InlineData("badlist", "x@d4.example.org; alice; nosuch1")]
    [InlineData("prog", "\"|/usr/bin/id > /var/spool/oracle/prog.out\" by <prog@oracle.test>")]
    [InlineData("alice", "alice")]
    public async Task The_queue_is_given_everybody_once(string name, string members) =>
        Assert.Equal(members, string.Join("; ", (await Expand(To(name))).Select(Shown)));

    [Fact]
    public async Task The_owner_answers_for_the_members_of_his_list_and_for_them_alone()
    {
        ImmutableArray<QueueRecipient> all = await Expand(To("nested", DsnNotify.Success | DsnNotify.Failure));
        QueueRecipient expanded = all.Single(one => one.Foregone is not null);
        Assert.Equal(("nested@oracle.test", ForegoneKind.Expanded, DsnNotify.Success), (expanded.Address.Address, expanded.Foregone!.Kind, expanded.Notify));
        QueueRecipient carol = all.Single(one => one.Address.Address == "carol");
        Assert.Equal((null, DsnNotify.Failure, "nested@oracle.test"), (carol.Owner, carol.Notify, carol.ExpandedFrom!.Address));
        QueueRecipient alice = all.Single(one => one.Address.Address == "alice");
        Assert.Equal(("carol@mx.oracle.test", DsnNotify.Unspecified, null), (alice.Owner!.Address, alice.Notify, alice.OriginalRecipient));
    }

    [Fact]
    public async Task A_list_with_an_owner_is_where_success_ends()
    {
        ImmutableArray<QueueRecipient> all = await Expand(To("olist", DsnNotify.Success));
        QueueRecipient list = all.Single(one => one.Foregone is not null);
        Assert.Equal(("olist@oracle.test", ForegoneKind.DeliveredToList, "rfc822"), (list.Address.Address, list.Foregone!.Kind, list.OriginalRecipient!.AddressType));
        Assert.All(all.Where(one => one.Foregone is null), one => Assert.Equal(DsnNotify.Unspecified, one.Notify));
    }

    [Fact]
    public async Task An_owner_of_several_is_named_himself()
    {
        Assert.Equal("owner-two@mx.oracle.test", (await Expand(To("two")))[0].Owner!.Address);
    }

    [Fact]
    public async Task An_alias_of_one_passes_on_what_the_originator_asked_for()
    {
        QueueRecipient alice = Assert.Single(await Expand(To("postmaster", DsnNotify.Success | DsnNotify.Delay)));
        Assert.Equal(("alice", "postmaster@oracle.test", DsnNotify.Success | DsnNotify.Delay, "orig@x"), (alice.Address.Address, alice.ExpandedFrom!.Address, alice.Notify, alice.OriginalRecipient!.Address));
    }

    [Theory]
    [InlineData(DsnNotify.Success, DsnNotify.Never)]
    [InlineData(DsnNotify.Success | DsnNotify.Delay, DsnNotify.Delay)]
    [InlineData(DsnNotify.Never, DsnNotify.Never)]
    [InlineData(DsnNotify.Unspecified, DsnNotify.Unspecified)]
    public async Task Members_of_a_list_without_owner_tell_no_success(DsnNotify asked, DsnNotify left) =>
        Assert.All((await Expand(To("multi", asked))).Where(one => one.Foregone is null), one => Assert.Equal(left, one.Notify));

    [Fact]
    public async Task Who_was_named_by_the_peer_too_keeps_what_was_asked_for_him()
    {
        QueueRecipient direct = new(ForwardPath.Of("alice@oracle.test")) { Notify = DsnNotify.Success };
        ImmutableArray<QueueRecipient> all = await Expand(To("multi", DsnNotify.Never), direct);
        Assert.Equal(["carol", "bob", "alice@oracle.test"], all.Select(one => one.Address.Address));
        Assert.Equal(direct, all[2]);
    }

    [Fact]
    public async Task Without_metoo_a_list_does_not_bring_the_sender_his_own_message()
    {
        RecipientExpander expander = Expander(new ExpansionSettings { HostName = "mx.oracle.test", MeToo = false });
        ImmutableArray<QueueRecipient> all = await expander.ExpandAsync([To("multi")], ReversePath.Of("alice@oracle.test"), null, null, CancellationToken.None);
        Assert.Equal(["carol", "bob"], all.Select(one => one.Address.Address));
        Assert.Equal(3, (await Expander().ExpandAsync([To("multi")], ReversePath.Of("alice@oracle.test"), null, null, CancellationToken.None)).Length);
        Assert.Equal("alice", Assert.Single(await expander.ExpandAsync([To("alice")], ReversePath.Of("alice@oracle.test"), null, null, CancellationToken.None)).Address.Mailbox!.LocalPart);
    }

    [Fact]
    public async Task A_map_that_cannot_be_asked_is_never_no_such_alias()
    {
        aliases.Broken.Add("carol");
        await Assert.ThrowsAsync<MapUnavailableException>(async () => await Expand(To("multi")));
        Assert.Equal(451, (await Check("carol@oracle.test")).Verdict.Code);
        Assert.Equal("451 4.3.0 Temporary system failure. Please try again later.", Shown(await Expander().DescribeAsync("multi", true, null, CancellationToken.None)));
        aliases.Broken.Clear();
        aliases.Broken.Add("owner-multi");
        await Assert.ThrowsAsync<MapUnavailableException>(async () => await Expand(To("multi")));
    }

    [Fact]
    public async Task Each_alias_is_told_to_the_log()
    {
        List<string> told = [];
        await Expander().ExpandAsync([To("postmaster")], ReversePath.Null, null, (from, to) => told.Add($"{from} => {to}"), CancellationToken.None);
        Assert.Equal(["postmaster => root", "root => alice"], told);
    }

    [Fact]
    public async Task A_net_of_lists_costs_no_more_than_its_names()
    {
        StringBuilder text = new();
        for (int i = 0; i < 9; i++) text.Append(CultureInfo.InvariantCulture, $"n{i}: {string.Join(", ", Enumerable.Range(0, 50).Select(j => $"m{i}x{j}"))}\n").Append(string.Concat(Enumerable.Range(0, 50).Select(j => $"m{i}x{j}: n{i + 1}, n{i + 1}, u{j}@example.org\n")));
        ImmutableArray<QueueRecipient> all = await Expander(aliases: new FakeAliases(text.ToString())).ExpandAsync([To("n0")], ReversePath.Null, null, null, CancellationToken.None);
        Assert.InRange(all.Length, 50, 600);
    }

    [Fact]
    public async Task More_recipients_than_a_message_may_have_are_refused()
    {
        RecipientExpander expander = Expander(new ExpansionSettings { HostName = "mx.oracle.test", MaxRecipients = 3 });
        await Assert.ThrowsAsync<ExpansionTooLargeException>(async () => await expander.ExpandAsync([To("hosts")], ReversePath.Null, null, null, CancellationToken.None));
    }

    [Fact]
    public async Task A_list_of_a_hundred_thousand_is_expanded()
    {
        string directory = SafePlace.Make();
        try
        {
            string path = Path.Combine(directory, "list");
            await File.WriteAllLinesAsync(path, Enumerable.Range(0, 100_000).Select(i => $"member{i}@d{i % 100}.example.org"));
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32("644", 8));
            ImmutableArray<QueueRecipient> all = await Expander(aliases: new FakeAliases($"wide: :include:{path}")).ExpandAsync([To("wide")], ReversePath.Null, null, null, CancellationToken.None);
            Assert.Equal(100_000, all.Length);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private ValueTask<RecipientCheck> Check(string address)
    {
        Assert.True(new AddressCanonifier(ReceivingSite.Local).TryResolve(address, out CanonicalAddress? read, out _));
        return Expander().CheckAsync(read, null, CancellationToken.None);
    }

    private static QueueRecipient To(string name, DsnNotify notify = DsnNotify.Unspecified) =>
        new(ForwardPath.Of(name + "@oracle.test")) { Notify = notify, OriginalRecipient = new OriginalRecipient("rfc822", "orig@x") };

    private static string Shown(SmtpReply reply) => $"{reply.Code} {reply.Status} {string.Join('|', reply.Lines)}";

    private static string Shown(QueueRecipient recipient) => recipient.Address.Address.Replace("@oracle.test", "", StringComparison.Ordinal)
        + (recipient.Owner is null ? "" : "<owner>")
        + (recipient.Foregone is { } foregone ? $" = {foregone.Reply}" : "")
        + (recipient.Controller is { } controller ? $" by {controller.Address}" : "");

    private RecipientExpander Expander(ExpansionSettings? settings = null, FakeAliases? aliases = null) =>
        new(settings ?? new ExpansionSettings { HostName = "mx.oracle.test" }, new AliasMaps([aliases ?? this.aliases]), new NativeRecipientResolver(new Router(Routing), Routing), users);

    private ValueTask<ImmutableArray<QueueRecipient>> Expand(params QueueRecipient[] recipients) => Expander().ExpandAsync(recipients, ReversePath.Of("a@example.net"), null, null, CancellationToken.None);
}
