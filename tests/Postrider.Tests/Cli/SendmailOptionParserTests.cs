using Postrider.Cli.Options;
using Postrider.Mail;
using Postrider.Mta.Hosting;

namespace Postrider.Tests.Cli;

/// <summary>sendmail's command line: same meaning, same complaints (sendmail 8.17, oracle 81; reference §10).</summary>
public sealed class SendmailOptionParserTests
{
    [Fact]
    public void Flags_may_be_joined_and_arguments_attached_or_apart()
    {
        SendmailOptions options = Parse("-tiv", "-fbob@example.org", "-F", "Bob", "-C/etc/x.cf", "alice", "-i");
        Assert.True(options is { RecipientsFromHeader: true, IgnoreDots: true, IsVerbose: true });
        Assert.Equal("bob@example.org", options.Sender);
        Assert.Equal("Bob", options.FullName);
        Assert.Equal("/etc/x.cf", options.ConfigurationFile);
        Assert.Equal(["alice", "-i"], options.Operands);
    }

    [Fact]
    public void Two_dashes_end_the_flags() => Assert.Equal(["-dash"], Parse("-i", "--", "-dash").Operands);

    [Fact]
    public void Single_dash_among_the_flags_is_skipped() => Assert.True(Parse("-t-i") is { RecipientsFromHeader: true, IgnoreDots: true });

    [Theory]
    [InlineData("-bm", OperationMode.Deliver)]
    [InlineData("-bs", OperationMode.SmtpOnStandardInput)]
    [InlineData("-bd", OperationMode.Daemon)]
    [InlineData("-bD", OperationMode.ForegroundDaemon)]
    [InlineData("-bp", OperationMode.ListQueue)]
    [InlineData("-bC", OperationMode.CheckConfiguration)]
    [InlineData("-bv", OperationMode.Verify)]
    public void Mode_letter_says_what_to_do(string flag, object mode) => Assert.Equal(mode, Parse(flag).Mode);

    [Theory]
    [InlineData("sendmail: illegal option -- Z", "-Z")]
    [InlineData("sendmail: illegal option -- x", "-x", "foo")]
    [InlineData("sendmail: option requires an argument -- h", "-h")]
    [InlineData("sendmail: option requires an argument -- f", "-f")]
    [InlineData("sendmail: option requires an argument -- O", "-O")]
    [InlineData("sendmail: option requires an argument -- V", "-V")]
    [InlineData("Invalid operation mode X", "-bX")]
    [InlineData("Frozen configurations unsupported", "-bz")]
    [InlineData("Invalid -N argument", "-N", "bogus")]
    [InlineData("Invalid -N argument", "-N", "never,success")]
    [InlineData("Invalid -R value", "-R", "bogus")]
    [InlineData("Illegal body type foo", "-B", "foo")]
    [InlineData("Unknown delivery mode x", "-OdeliveryMode=x")]
    [InlineData("Unknown delivery mode x", "-odx")]
    public void What_sendmail_refuses_is_refused_in_its_words_with_64(string message, params string[] arguments)
    {
        UsageException refusal = Assert.Throws<UsageException>(() => Parse(arguments));
        Assert.Equal(message, refusal.Message);
        Assert.Equal(SysExit.Usage, refusal.Exit);
    }

    [Fact]
    public void One_letter_option_nobody_knows_is_refused_with_70()
    {
        UsageException refusal = Assert.Throws<UsageException>(() => Parse("-o%x"));
        Assert.Equal("readcf: unknown option name %", refusal.Message);
        Assert.Equal(SysExit.Software, refusal.Exit);
    }

    [Theory]
    [InlineData("-q", null)]
    [InlineData("-qf", null)]
    [InlineData("-q30m", 1800)]
    [InlineData("-q1h30m", 5400)]
    [InlineData("-q5", 300)]
    [InlineData("-qp10s", 10)]
    [InlineData("-q1d", 86400)]
    public void Queue_flag_carries_an_interval_in_minutes_unless_a_letter_says_otherwise(string flag, int? seconds) =>
        Assert.Equal(seconds is { } known ? TimeSpan.FromSeconds(known) : (TimeSpan?)null, Parse(flag).Queue!.Interval);

    [Theory]
    [InlineData("-q30x")]
    [InlineData("-q0")]
    [InlineData("-qz")]
    public void Queue_flag_that_means_nothing_is_refused(string flag) => Assert.Throws<UsageException>(() => Parse(flag));

    [Fact]
    public void Queue_flag_may_name_parts_of_id_sender_and_recipient()
    {
        QueueOption queue = Parse("-qI6AK", "-qSbob", "-qRexample.org").Queue!;
        Assert.Equal(("6AK", "bob", "example.org"), (queue.Filter.IdContains, queue.Filter.ReversePathContains, queue.Filter.RecipientContains));
    }

    [Theory]
    [InlineData("-qGgroup")]
    [InlineData("-qQ")]
    [InlineData("-Qreason")]
    [InlineData("-n")]
    [InlineData("-X", "/tmp/log")]
    public void What_nothing_answers_to_yet_is_remembered_not_ignored(params string[] arguments) => Assert.Single(Parse(arguments).Unserved);

    [Fact]
    public void Options_become_configuration_lines()
    {
        SendmailOptions options = Parse("-O", "QueueDirectory=/q", "-oQ/other", "-Mxval", "-oi");
        Assert.Equal(["O QueueDirectory=/q", "O QueueDirectory=/other", "Dxval"], options.ConfigurationLines);
        Assert.True(options.IgnoreDots);
    }

    [Theory]
    [InlineData("-OLogLevel=9\nDjevil")]
    [InlineData("-oQ/x\nDjevil")]
    [InlineData("-Mx\nDjevil")]
    public void Option_cannot_bring_a_second_configuration_line(string flag) => Assert.Throws<UsageException>(() => Parse(flag));

    [Fact]
    public void Delivery_status_parameters_are_read()
    {
        SendmailOptions options = Parse("-N", "success,delay", "-R", "hdrs", "-V", "id-1", "-B8BITMIME");
        Assert.Equal(DsnNotify.Success | DsnNotify.Delay, options.Notify);
        Assert.Equal(DsnReturn.Headers, options.Return);
        Assert.Equal("id-1", options.EnvelopeId);
        Assert.Equal(BodyType.EightBitMime, options.Body);
    }

    [Fact]
    public void Envelope_id_with_a_line_end_is_refused() => Assert.Throws<UsageException>(() => Parse("-V", "a\r\nRCPT TO:<x>"));

    [Fact]
    public void Bare_debug_flag_means_everything_at_level_one() => Assert.Equal("0-99.1", Parse("-d").Debug);

    private static SendmailOptions Parse(params string[] arguments) => SendmailOptionParser.Parse(arguments);
}
