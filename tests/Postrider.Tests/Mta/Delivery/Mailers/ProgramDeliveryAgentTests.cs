using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Postrider.Mail;
using Postrider.Mta.Delivery;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Queue;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Delivery.Mailers;

public sealed class ProgramDeliveryAgentTests
{
    private const string Message = "Subject: x\r\n\r\nFrom here\r\n>From there\r\nend\r\n";
    private static readonly MailerDefinition local = new() { Name = "local", Path = "/bin/deliver", Flags = "lsDFMAw5:/|@qPrmn9", Arguments = ["deliver", "-d", "$u"] };
    private readonly RecordingRunner runner = new(new MailerExit(0, 0, ""));

    [Fact]
    public async Task One_start_serves_all_users_of_a_mailer_with_flag_m()
    {
        IReadOnlyList<RecipientOutcome> outcomes = await DeliverAsync(local, Attempts.To("local", "", Message, "alice", "bob"));
        Assert.Equal(["alice", "bob"], Assert.Single(runner.Runs).Run.Users);
        Assert.All(outcomes, static one => Assert.Equal((OutcomeKind.Delivered, "Sent", "2.0.0"), (one.Kind, one.Message, one.Status.ToString())));
        Assert.Equal([0, 1], outcomes.Select(static one => one.Recipient));
    }

    [Fact]
    public async Task Without_flag_m_every_user_has_a_start_of_his_own()
    {
        await DeliverAsync(local with { Flags = "lsP" }, Attempts.To("local", "", Message, "alice", "bob"));
        Assert.Equal(["alice", "bob"], runner.Runs.Select(static run => Assert.Single(run.Run.Users)));
    }

    [Fact]
    public async Task Return_path_stands_first_and_lines_end_as_the_mailer_says()
    {
        await DeliverAsync(local, Attempts.To("local", "", Message, "alice"));
        Assert.Equal("Return-Path: <alice@oracle.test>\nSubject: x\n\nFrom here\n>From there\nend\n", runner.Runs[0].Content);
    }

    /// <summary>sendmail 8.17, oracle 60: a program without flag n gets <c>From a@example.net Fri Nov 20 23:21:55 2026</c>.</summary>
    [Fact]
    public async Task A_mailer_without_flag_n_gets_a_From_line_and_one_with_flag_E_no_other()
    {
        await DeliverAsync(local with { Flags = "E" }, Attempts.To("prog", "", Message, "alice"));
        Assert.Equal("From alice@oracle.test Thu Jan  1 00:00:00 1970\nSubject: x\n\n>From here\n>From there\nend\n", runner.Runs[0].Content);
    }

    /// <summary>sendmail 8.17, oracle 61 (L=990): limit-1 octets and an exclamation mark, then a blank and the rest.</summary>
    [Fact]
    public async Task A_line_above_the_limit_is_broken_as_sendmail_breaks_it()
    {
        await DeliverAsync(local with { Flags = "n", LineLimit = 10 }, Attempts.To("local", "", "a: b\r\n\r\n1234567890\r\n12345678901\r\n" + new string('x', 19) + "\r\n", "alice"));
        Assert.Equal("a: b\n\n1234567890\n123456789!\n 01\nxxxxxxxxx!\n xxxxxxxx!\n xx\n", runner.Runs[0].Content);
    }

    [Fact]
    public async Task A_message_without_a_last_line_end_gets_one_and_with_flag_b_a_blank_line()
    {
        await DeliverAsync(local with { Flags = "nb" }, Attempts.To("local", "", "a: b\r\n\r\nend", "alice"));
        Assert.Equal("a: b\n\nend\n\n", runner.Runs[0].Content);
    }

    [Fact]
    public async Task A_line_that_is_none_to_us_but_to_a_reader_of_files_is_escaped_too()
    {
        await DeliverAsync(local with { Flags = "nE" }, Attempts.To("local", "", "a: b\r\n\r\nx\nFrom y\r\nFro\rm\r\n", "alice"));
        Assert.Equal("a: b\n\nx\n>From y\nFro\rm\n", runner.Runs[0].Content);
    }

    [Fact]
    public async Task The_null_sender_is_the_mailer_daemon_to_a_program()
    {
        DeliveryAttempt attempt = Attempts.To("local", "", Message, "alice");
        await DeliverAsync(local, attempt with { Envelope = attempt.Envelope with { ReversePath = ReversePath.Null } });
        Assert.Equal("MAILER-DAEMON", runner.Runs[0].Run.Macros["g"]);
        Assert.StartsWith("Return-Path: <MAILER-DAEMON>\n", runner.Runs[0].Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_above_the_mailers_size_fails_for_good_and_nothing_is_started()
    {
        RecipientOutcome outcome = Assert.Single(await DeliverAsync(local with { MaxSize = 10 }, Attempts.To("local", "", Message, "alice")));
        Assert.Equal((OutcomeKind.Failed, "5.2.3", "Message is too large; 10 bytes max"), (outcome.Kind, outcome.Status.ToString(), outcome.Message));
        Assert.Empty(runner.Runs);
    }

    /// <summary>sendmail 8.17, asked with the flag: local mail runs as the sender, unless flag o says as the recipient.</summary>
    [Fact]
    public async Task Flag_o_runs_as_the_recipient_each_in_a_start_of_his_own_otherwise_a_local_sender_counts()
    {
        await DeliverAsync(local, Attempts.To("local", "", Message, "carol", "bob"), sender: "alice");
        await DeliverAsync(local with { Flags = "mnwo" }, Attempts.To("local", "", Message, "carol", "bob"), sender: "alice");
        await DeliverAsync(local with { Flags = "mnwS" }, Attempts.To("local", "", Message, "carol"), sender: "alice");
        Assert.Equal(["alice", "carol", "bob", null], runner.Runs.Select(static run => run.Run.Controller));
    }

    /// <summary>What an alias leads to runs as the user whose alias it is, never as a user that the command is named like.</summary>
    [Fact]
    public async Task A_program_behind_an_alias_runs_as_the_user_behind_the_alias()
    {
        MailerDefinition prog = new() { Name = "prog", Path = "/bin/sh", Flags = "lsDFMoqeu9", Arguments = ["sh", "-c", "$u"] };
        DeliveryAttempt attempt = Attempts.To("prog", "", Message, "alice", "bob");
        DeliveryRecipient owned = attempt.Recipients[1] with { Recipient = attempt.Recipients[1].Recipient with { Controller = new RecipientController("list", "carol") } };
        await DeliverAsync(prog, attempt with { Recipients = [attempt.Recipients[0], owned] });
        Assert.Equal([null, "carol"], runner.Runs.Select(static run => run.Run.Controller));
    }

    /// <summary>sendmail 8.17, asked for every code: <c>|exit N</c>.</summary>
    [Theory]
    [InlineData(1, "5.3.0", "unknown mailer error 1")]
    [InlineData(64, "5.0.0", "Command line usage error")]
    [InlineData(65, "5.6.0", "Data format error")]
    [InlineData(66, "5.3.0", "Cannot open input")]
    [InlineData(67, "5.1.1", "User unknown")]
    [InlineData(68, "5.1.2", "Host unknown")]
    [InlineData(69, "5.0.0", "Service unavailable")]
    [InlineData(70, "5.3.0", "Internal error")]
    [InlineData(71, "4.0.0", "Operating system error")]
    [InlineData(72, "5.3.5", "System file missing")]
    [InlineData(73, "5.0.0", "Can't create output")]
    [InlineData(74, "4.0.0", "I/O error")]
    [InlineData(75, "4.0.0", "Deferred: local mailer (/bin/deliver) exited with EX_TEMPFAIL")]
    [InlineData(76, "5.5.0", "Remote protocol error")]
    [InlineData(77, "5.0.0", "Insufficient permission")]
    [InlineData(78, "5.3.5", "Local configuration error")]
    [InlineData(127, "5.3.0", "unknown mailer error 127")]
    public async Task Exit_codes_are_read_by_sysexits(int code, string status, string message)
    {
        RecordingRunner ending = new(new MailerExit(code, 0, "first\nsecond\n"));
        RecipientOutcome outcome = Assert.Single(await DeliverAsync(local, Attempts.To("local", "", Message, "alice"), ending));
        Assert.Equal((status, message), (outcome.Status.ToString(), outcome.Message));
        Assert.Equal(status.StartsWith('4') ? OutcomeKind.Deferred : OutcomeKind.Failed, outcome.Kind);
        Assert.Equal(["first", "second"], outcome.Output);
    }

    [Fact]
    public async Task A_program_that_was_killed_or_could_not_be_run_is_tried_again()
    {
        foreach (MailerExit exit in (MailerExit[])[new MailerExit(0, 9, ""), MailerExit.NotRun("the monitor has gone")])
        {
            RecipientOutcome outcome = Assert.Single(await DeliverAsync(local, Attempts.To("local", "", Message, "alice"), new RecordingRunner(exit)));
            Assert.Equal((OutcomeKind.Deferred, "4.0.0"), (outcome.Kind, outcome.Status.ToString()));
        }
    }

    /// <summary>Two programs that append to one mailbox at once would mix their messages.</summary>
    [Fact]
    public async Task One_program_at_a_time_works_for_a_user_of_the_system()
    {
        TurnsRunner turns = new();
        ProgramDeliverySettings settings = new() { Mailer = local, SpoolDirectory = Path.GetTempPath() };
        ProgramDeliveryAgent agent = new(settings, turns, TimeProvider.System, NullLogger<ProgramDeliveryAgent>.Instance);
        string[][] users = [["alice", "bob"], ["bob", "alice"], ["bob"], ["carol"], ["alice"]];
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i => await agent.DeliverAsync(Attempts.To("local", "", Message, users[i % users.Length]), TestContext.Current.CancellationToken)));
        Assert.Equal((50, 1), (turns.Runs, turns.MostForOne));
    }

    private async Task<IReadOnlyList<RecipientOutcome>> DeliverAsync(MailerDefinition mailer, DeliveryAttempt attempt, RecordingRunner? other = null, string? sender = null)
    {
        ManualTimeProvider time = new(DateTimeOffset.UnixEpoch);
        ProgramDeliverySettings settings = new() { Mailer = mailer, SpoolDirectory = Path.GetTempPath(), LocalSender = (_, _) => new(sender) };
        return await new ProgramDeliveryAgent(settings, other ?? runner, time, NullLogger<ProgramDeliveryAgent>.Instance).DeliverAsync(attempt, TestContext.Current.CancellationToken);
    }

    private sealed class TurnsRunner : IMailerRunner
    {
        private readonly Dictionary<string, int> working = new(StringComparer.Ordinal);

        public int Runs { get; private set; }

        public int MostForOne { get; private set; }

        public async ValueTask<MailerExit> RunAsync(MailerRun run, SafeFileHandle content, CancellationToken cancellationToken)
        {
            lock (working)
            {
                Runs++;
                foreach (string user in run.Users) MostForOne = Math.Max(MostForOne, working[user] = working.GetValueOrDefault(user) + 1);
            }

            await Task.Delay(1, cancellationToken);
            lock (working)
            {
                foreach (string user in run.Users) working[user]--;
            }

            return new MailerExit(0, 0, "");
        }
    }
}
