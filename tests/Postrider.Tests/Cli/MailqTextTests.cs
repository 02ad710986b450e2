using Postrider.Cli.Applets;
using Postrider.Mta.Hosting.Control;

namespace Postrider.Tests.Cli;

/// <summary>mailq's page, which scripts read (sendmail 8.17, oracle 81, 83).</summary>
public sealed class MailqTextTests
{
    private static readonly ControlEntry Entry = new()
    {
        Id = "6AKNQ43e000752",
        Size = 6,
        Arrival = new DateTimeOffset(2026, 11, 20, 23, 26, 4, TimeSpan.Zero),
        Sender = "bob",
        Recipients = [new ControlRecipient("alice", "Deferred: Connection refused by [127.0.0.1]")],
    };

    [Fact]
    public void Empty_queue_says_so() => Assert.Equal("/var/spool/mqueue is empty\n\t\tTotal requests: 0\n", Text());

    [Fact]
    public void Entry_is_laid_out_as_sendmail_does_it() => Assert.Equal(
        "\t\t/var/spool/mqueue (1 request)\n" +
        "-----Q-ID----- --Size-- -----Q-Time----- ------------Sender/Recipient-----------\n" +
        "6AKNQ43e000752        6 Fri Nov 20 23:26 bob\n" +
        "                 (Deferred: Connection refused by [127.0.0.1])\n" +
        "\t\t\t\t\t alice\n" +
        "\t\tTotal requests: 1\n",
        Text(Entry));

    [Fact]
    public void Entry_that_is_being_delivered_has_a_star() => Assert.Contains("6AKNQ43e000752*       6 ", Text(Entry with { IsLeased = true }), StringComparison.Ordinal);

    [Fact]
    public void Quarantine_is_shown_with_its_reason() => Assert.Contains("     QUARANTINE: looks bad\n", Text(Entry with { Quarantine = "looks bad" }), StringComparison.Ordinal);

    [Fact]
    public void Control_characters_of_strangers_do_not_reach_the_terminal() => Assert.DoesNotContain('\x1b', Text(Entry with { Sender = "\x1b[2Jbob" }));

    private static string Text(params ControlEntry[] entries) => MailqText.Format("/var/spool/mqueue", entries, verbose: false, TimeZoneInfo.Utc);
}
