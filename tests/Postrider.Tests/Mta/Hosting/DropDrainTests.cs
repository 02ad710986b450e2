using System.Collections.Immutable;
using System.Text;
using Postrider.Mta.Hosting.Drop;
using Postrider.Mta.Hosting.Posix;
using Postrider.Smtp.Server;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Hosting;

/// <summary>What local users can do to a directory they may write to, and what the daemon makes of it (design §7).</summary>
public sealed class DropDrainTests : IDisposable
{
    private static readonly SystemUser Self = SystemUser.Current;
    private readonly string root = Directory.CreateTempSubdirectory("postrider-drop-").FullName;
    private readonly List<string> log = [];
    private readonly List<(DropSubmission Submission, string Content)> received = [];
    private readonly ManualTimeProvider time = new();
    private DropVerdict verdict = DropVerdict.Taken;

    private DropSettings Settings { get; set; }

    public DropDrainTests()
    {
        Settings = new DropSettings(Path.Combine(root, "drop")) { MaxMessageSize = 100_000 };
        DropDrain.Prepare(Settings, Self, Self.Gid);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Directory_is_open_for_writing_closed_for_reading_and_sticky()
    {
        FileFacts facts = Assert.NotNull(FileFacts.Of(Settings.Directory));
        Assert.Equal(Convert.ToUInt32("3733", 8), facts.Permissions);
    }

    [Fact]
    public async Task Committed_message_is_received_whole_and_its_file_removed()
    {
        Drop("Subject: x\n\nhello\r\nworld", "bob@example.org");
        Assert.Equal(1, await DrainAsync());
        (DropSubmission submission, string content) = Assert.Single(received);
        Assert.Equal("Subject: x\r\n\r\nhello\r\nworld\r\n", content);
        Assert.Equal(Self.Name, submission.User);
        Assert.Equal("bob@example.org", submission.Envelope.Recipients[0].Address);
        Assert.Empty(Directory.GetFiles(Settings.Directory));
    }

    [Fact]
    public async Task Message_that_cannot_be_taken_now_stays()
    {
        verdict = DropVerdict.Later;
        Drop("x\n", "bob@example.org");
        Assert.Equal(0, await DrainAsync());
        Assert.Single(Directory.GetFiles(Settings.Directory));
        Assert.Empty(Aside());
    }

    [Fact]
    public async Task Draft_without_commit_is_not_seen_and_is_removed_when_disposed()
    {
        DropDraft draft = DropDraft.Begin(Settings.Directory, Envelope("bob@example.org"));
        draft.Append("half"u8);
        Assert.Equal(0, await DrainAsync());
        Assert.Empty(received);
        draft.Dispose();
        Assert.Empty(Directory.GetFiles(Settings.Directory));
    }

    [Fact]
    public async Task Symbolic_link_is_set_aside_and_never_followed()
    {
        string target = Path.Combine(root, "secret");
        await File.WriteAllTextAsync(target, "secret");
        File.CreateSymbolicLink(Path.Combine(Settings.Directory, "m" + new string('a', 26)), target);
        await AssertSetAsideAsync("symbolic link");
        Assert.Equal("secret", await File.ReadAllTextAsync(target));
    }

    [Fact]
    public async Task Hard_link_is_set_aside()
    {
        string name = Drop("x\n", "bob@example.org");
        Assert.Equal(0, Link(Path.Combine(Settings.Directory, name), Path.Combine(root, "second")));
        await AssertSetAsideAsync("2 links");
    }

    [Fact]
    public async Task Truncated_file_is_set_aside()
    {
        string path = Path.Combine(Settings.Directory, Drop("x\n" + new string('y', 500), "bob@example.org"));
        await using (FileStream file = File.OpenWrite(path)) file.SetLength(file.Length - 1);
        await AssertSetAsideAsync("truncated or grown");
    }

    [Fact]
    public async Task Changed_octet_is_found_at_the_end_and_nothing_is_kept()
    {
        string path = Path.Combine(Settings.Directory, Drop("Subject: x\n\n" + new string('y', 500), "bob@example.org"));
        await using (FileStream file = File.OpenWrite(path))
        {
            file.Position = file.Length - 5;
            file.WriteByte((byte)'z');
        }

        await AssertSetAsideAsync("checksum does not match");
    }

    [Fact]
    public async Task Owner_that_is_not_the_submitter_is_set_aside()
    {
        using (DropDraft draft = DropDraft.Begin(Settings.Directory, Envelope("bob@example.org") with { Uid = Self.Uid + 1 })) draft.Commit();
        await AssertSetAsideAsync($"owner is {Self.Uid}");
    }

    [Fact]
    public async Task Oversize_message_is_set_aside()
    {
        Settings = Settings with { MaxMessageSize = 1000 };
        Drop(new string('y', 2000), "bob@example.org");
        await AssertSetAsideAsync("above MaxMessageSize");
    }

    [Fact]
    public async Task File_that_others_may_write_is_set_aside()
    {
        string path = Path.Combine(Settings.Directory, Drop("x\n", "bob@example.org"));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        await AssertSetAsideAsync("writable by others");
    }

    [Fact]
    public async Task Fifo_does_not_stop_the_daemon()
    {
        Assert.Equal(0, MkFifo(Path.Combine(Settings.Directory, "m" + new string('b', 26)), 0x180));
        await AssertSetAsideAsync("not a regular file");
    }

    [Fact]
    public async Task Name_that_is_not_ours_is_set_aside()
    {
        await File.WriteAllTextAsync(Path.Combine(Settings.Directory, "..\n.evil"), "x");
        await AssertSetAsideAsync("a name postrider does not give");
        Assert.DoesNotContain('\n', log[0]);
    }

    [Fact]
    public async Task Messages_above_the_cap_of_one_user_are_set_aside()
    {
        Settings = Settings with { MaxMessagesPerUser = 2 };
        for (int i = 0; i < 3; i++) Drop("x\n", "bob@example.org");
        Assert.Equal(2, await DrainAsync());
        Assert.Single(Aside());
    }

    [Fact]
    public async Task Unfinished_file_is_removed_only_when_it_is_old()
    {
        string path = Path.Combine(Settings.Directory, "t" + new string('c', 26));
        await File.WriteAllTextAsync(path, "half");
        File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        await DrainAsync();
        Assert.True(File.Exists(path));
        time.Advance(Settings.UnfinishedAge);
        await DrainAsync();
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"uid\":0,\"reversePath\":\"\",\"recipients\":[]}")]
    [InlineData("{\"uid\":0,\"reversePath\":\"a\\r\\nb\",\"recipients\":[{\"address\":\"x\"}]}")]
    [InlineData("{\"uid\":0,\"reversePath\":\"\",\"recipients\":[{\"address\":\"x\\ny\"}]}")]
    [InlineData("{\"uid\":0,\"reversePath\":\"\",\"recipients\":[null]}")]
    [InlineData("not json")]
    public void Envelope_that_is_no_envelope_is_refused_with_a_reason(string line)
    {
        Assert.Null(DropEnvelope.Parse(Encoding.UTF8.GetBytes(line), out string? reason));
        Assert.StartsWith("envelope: ", reason, StringComparison.Ordinal);
    }

    private static DropEnvelope Envelope(string recipient) => new() { Uid = Self.Uid, ReversePath = "", Recipients = ImmutableArray.Create(new DropRecipient(recipient)) };

    private string Drop(string content, string recipient)
    {
        using DropDraft draft = DropDraft.Begin(Settings.Directory, Envelope(recipient));
        draft.Append(Encoding.UTF8.GetBytes(content));
        return draft.Commit();
    }

    [Fact]
    public async Task File_that_cannot_be_read_costs_the_others_nothing()
    {
        Drop("first\n", "poison@example.org");
        Drop("second\n", "bob@example.org");
        DropDrain drain = new(
            Settings,
            (submission, cancellationToken) => submission.Envelope.Recipients[0].Address.StartsWith("poison", StringComparison.Ordinal)
                ? throw new ArgumentException("a mistake of ours")
                : ReceiveAsync(submission, cancellationToken),
            log.Add,
            time);
        Assert.Equal(1, await drain.RunOnceAsync(CancellationToken.None));
        Assert.Equal("bob@example.org", Assert.Single(received).Submission.Envelope.Recipients[0].Address);
        Assert.Single(Directory.GetFiles(Settings.Directory));
        Assert.Contains("ArgumentException", Assert.Single(log), StringComparison.Ordinal);
    }

    private Task<int> DrainAsync() => new DropDrain(Settings, ReceiveAsync, log.Add, time).RunOnceAsync(CancellationToken.None);

    private async ValueTask<DropVerdict> ReceiveAsync(DropSubmission submission, CancellationToken cancellationToken)
    {
        MemoryStream content = new();
        ReadOnlyMemory<byte> slice;
        SmtpContent open = submission.OpenContent();
        while (!(slice = await open.ReadAsync(cancellationToken)).IsEmpty) content.Write(slice.Span);
        received.Add((submission, Encoding.UTF8.GetString(content.ToArray())));
        return verdict;
    }

    private string[] Aside() => Directory.GetFileSystemEntries(Settings.AsideDirectory);

    private async Task AssertSetAsideAsync(string reason)
    {
        Assert.Equal(0, await DrainAsync());
        Assert.Empty(received);
        Assert.Contains(reason, Assert.Single(log), StringComparison.Ordinal);
        Assert.Single(Aside());
        Assert.Empty(Directory.GetFileSystemEntries(Settings.Directory));
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "link", CharSet = System.Runtime.InteropServices.CharSet.Ansi, BestFitMapping = false)]
    private static extern int Link(string from, string to);

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "mkfifo", CharSet = System.Runtime.InteropServices.CharSet.Ansi, BestFitMapping = false)]
    private static extern int MkFifo(string path, uint mode);
}
