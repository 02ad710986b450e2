using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Postrider.Mail;
using Postrider.Mta.Delivery;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Delivery;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class MaildirDeliveryAgentTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("maildir").FullName;
    private readonly MaildirDeliveryAgent agent;

    public MaildirDeliveryAgentTests()
    {
        Directory.CreateDirectory(Base);
        agent = new MaildirDeliveryAgent(new MaildirSettings(Base, "mx.oracle.test"), new ManualTimeProvider(), NullLogger<MaildirDeliveryAgent>.Instance);
    }

    private string Base => Path.Combine(root, "mail");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_message_becomes_one_file_in_new_with_LF_lines_and_the_return_path_first()
    {
        RecipientOutcome outcome = await OneAsync("demo", "Subject: x\r\n\r\nbody\r\n.dot\r\nbare \r stays\r\n");
        Assert.Equal((OutcomeKind.Delivered, "2.0.0", "Sent"), (outcome.Kind, outcome.Status.ToString(), outcome.Message));
        string file = Assert.Single(Directory.GetFiles(Path.Combine(Base, "demo", "new")));
        Assert.Equal("Return-Path: <alice@oracle.test>\nSubject: x\n\nbody\n.dot\nbare \r stays\n", await File.ReadAllTextAsync(file, Encoding.Latin1));
        Assert.Empty(Directory.GetFiles(Path.Combine(Base, "demo", "tmp")));
        Assert.True(Directory.Exists(Path.Combine(Base, "demo", "cur")), "a Maildir without cur is none");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(Base, "demo")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Line_ends_are_converted_wherever_the_pieces_end()
    {
        Random random = new(11);
        for (int round = 0; round < 60; round++)
        {
            StringBuilder content = new();
            while (content.Length < random.Next(300_000)) content.Append('x', random.Next(2000)).Append(random.Next(4) switch { 0 => "\r", 1 => "\n", _ => "\r\n" });
            content.Append('\r', random.Next(3));
            string mailbox = $"box{round}";
            DeliveryAttempt attempt = Attempts.To("maildir", mailbox, content.ToString(), "demo");
            byte[] octets = Encoding.Latin1.GetBytes(content.ToString());
            attempt = attempt with { OpenContent = _ => new(new Pieces(octets, random)) };
            Assert.Equal(OutcomeKind.Delivered, Assert.Single(await agent.DeliverAsync(attempt, default)).Kind);
            string text = await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(Base, mailbox, "new"))[0], Encoding.Latin1);
            Assert.Equal("Return-Path: <alice@oracle.test>\n" + content.ToString().Replace("\r\n", "\n", StringComparison.Ordinal), text);
        }
    }

    [Fact]
    public async Task Many_deliveries_at_once_have_different_names()
    {
        IReadOnlyList<RecipientOutcome>[] all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => agent.DeliverAsync(Attempts.To("maildir", "demo", "x\r\n", "a", "b"), default).AsTask())));
        Assert.All(all, outcomes => Assert.All(outcomes, o => Assert.Equal(OutcomeKind.Delivered, o.Kind)));
        Assert.Equal(100, Directory.GetFiles(Path.Combine(Base, "demo", "new")).Length);
    }

    [Fact]
    public async Task Deliveries_that_share_their_syncs_succeed_and_fail_each_for_itself()
    {
        string[] mailboxes = [.. Enumerable.Range(0, 40).Select(static i => i % 10 == 7 ? "../outside" : $"box{i % 4}")];
        IReadOnlyList<RecipientOutcome>[] all = await Task.WhenAll(mailboxes.Select((mailbox, i) => Task.Run(() => agent.DeliverAsync(
            i % 10 == 3
                ? Attempts.To("maildir", mailbox, "x\r\n", "demo") with { OpenContent = _ => new(new Broken()) }
                : Attempts.To("maildir", mailbox, $"{i}\r\n", "demo"),
            default).AsTask())));
        Assert.Equal(
            Enumerable.Range(0, 40).Select(static i => i % 10 is 3 or 7 ? OutcomeKind.Deferred : OutcomeKind.Delivered),
            all.Select(static outcomes => outcomes[0].Kind));
        string[] files = [.. Directory.GetFiles(Base, "*", SearchOption.AllDirectories)];
        Assert.Equal(32, files.Length);
        Assert.All(files, static file => Assert.Equal("new", Path.GetFileName(Path.GetDirectoryName(file))));
        Assert.Equal(
            Enumerable.Range(0, 40).Where(static i => i % 10 is not (3 or 7)),
            files.Select(static file => int.Parse(File.ReadAllLines(file)[1], System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("demo/../../outside")]
    [InlineData("/etc")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a\0b")]
    public async Task Nothing_outside_the_base_directory_is_written(string mailbox)
    {
        RecipientOutcome outcome = await OneAsync(mailbox, "x\r\n");
        Assert.Equal((OutcomeKind.Deferred, "4.3.5"), (outcome.Kind, outcome.Status.ToString()));
        Assert.False(Directory.Exists(Path.Combine(root, "outside")), "a directory was made outside the base");
    }

    [Theory]
    [InlineData("demo", "demo")]
    [InlineData("example.org/demo", "example.org")]
    [InlineData("demo", "demo/new")]
    [InlineData("demo", "demo/tmp")]
    public async Task A_symbolic_link_below_the_base_is_not_followed(string mailbox, string link)
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(root, "elsewhere")).FullName;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Base, link))!);
        Directory.CreateSymbolicLink(Path.Combine(Base, link), elsewhere);
        RecipientOutcome outcome = await OneAsync(mailbox, "x\r\n");
        Assert.Equal((OutcomeKind.Deferred, "4.3.5"), (outcome.Kind, outcome.Status.ToString()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
    }

    [Fact]
    public async Task A_missing_base_directory_is_not_made_up()
    {
        Directory.Delete(Base);
        RecipientOutcome outcome = await OneAsync("demo", "x\r\n");
        Assert.Equal((OutcomeKind.Deferred, "4.3.0"), (outcome.Kind, outcome.Status.ToString()));
        Assert.False(Directory.Exists(Base));
    }

    [Fact]
    public async Task Content_that_cannot_be_read_to_its_end_leaves_nothing_behind()
    {
        DeliveryAttempt attempt = Attempts.To("maildir", "demo", "x\r\n", "demo") with { OpenContent = _ => new(new Broken()) };
        RecipientOutcome outcome = Assert.Single(await agent.DeliverAsync(attempt, default));
        Assert.Equal(OutcomeKind.Deferred, outcome.Kind);
        Assert.Empty(Directory.GetFiles(Base, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(28, "4.3.1")]
    [InlineData(122, "4.2.2")]
    [InlineData(40, "4.3.5")]
    [InlineData(13, "4.3.0")]
    public void Errno_becomes_a_temporary_status(int error, string status) => Assert.Equal(status, new MaildirException("write", "x", error).Status.ToString());

    [Fact]
    public async Task The_null_reverse_path_stays_null()
    {
        DeliveryAttempt attempt = Attempts.To("maildir", "demo", "x\r\n", "demo");
        await agent.DeliverAsync(attempt with { Envelope = attempt.Envelope with { ReversePath = ReversePath.Null } }, default);
        Assert.StartsWith("Return-Path: <>\n", await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(Base, "demo", "new"))[0]), StringComparison.Ordinal);
    }

    private async Task<RecipientOutcome> OneAsync(string mailbox, string content) => Assert.Single(await agent.DeliverAsync(Attempts.To("maildir", mailbox, content, "demo"), default));

    private sealed class Pieces(byte[] octets, Random random) : MemoryStream(octets)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(random.Next(3) == 0 ? buffer : buffer[..Math.Min(buffer.Length, 1 + random.Next(5000))], cancellationToken);
    }

    private sealed class Broken : MemoryStream
    {
        private bool given;

        public override int Read(Span<byte> buffer)
        {
            if (given) throw new IOException("the disk is gone");
            given = true;
            "half"u8.CopyTo(buffer);
            return 4;
        }
    }
}
