using System.Text;
using Postrider.Mta.Configuration;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Control;
using Postrider.Mta.Hosting.Posix;
using Postrider.Queue;

namespace Postrider.Tests.Mta.Hosting;

/// <summary>Who may do what over the control socket, and what is no request.</summary>
public sealed class ControlSessionTests
{
    private const uint Owner = 110;
    private const uint OwnerGroup = 111;

    public enum Who
    {
        Root,
        DaemonUser,
        Stranger,
        QueueGroup,
    }

    [Theory]
    [InlineData("Shutdown", Who.Stranger, PrivacyFlags.Public, false)]
    [InlineData("Reload", Who.Stranger, PrivacyFlags.Public, false)]
    [InlineData("Hold", Who.Stranger, PrivacyFlags.Public, false)]
    [InlineData("Unhold", Who.Stranger, PrivacyFlags.Public, false)]
    [InlineData("Delete", Who.Stranger, PrivacyFlags.Public, false)]
    [InlineData("Delete", Who.QueueGroup, PrivacyFlags.Public, false)]
    [InlineData("Status", Who.Stranger, PrivacyFlags.RestrictMailq | PrivacyFlags.RestrictQrun, true)]
    [InlineData("List", Who.Stranger, PrivacyFlags.Public, true)]
    [InlineData("List", Who.Stranger, PrivacyFlags.RestrictMailq, false)]
    [InlineData("List", Who.QueueGroup, PrivacyFlags.RestrictMailq, true)]
    [InlineData("Run", Who.Stranger, PrivacyFlags.Public, true)]
    [InlineData("Run", Who.Stranger, PrivacyFlags.RestrictQrun, false)]
    [InlineData("Run", Who.QueueGroup, PrivacyFlags.RestrictQrun, false)]
    [InlineData("Shutdown", Who.Root, PrivacyFlags.RestrictQrun, true)]
    [InlineData("Delete", Who.DaemonUser, PrivacyFlags.RestrictMailq, true)]
    public void Verb_is_allowed_to_root_and_the_daemon_user_and_to_others_as_PrivacyOptions_say(string verb, Who who, PrivacyFlags privacy, bool allowed)
    {
        PeerCredentials peer = who switch
        {
            Who.Root => new(1, 0, 0),
            Who.DaemonUser => new(1, Owner, OwnerGroup),
            Who.QueueGroup => new(1, 1000, OwnerGroup),
            _ => new(1, 1000, 1000),
        };
        Assert.Equal(allowed, new ControlPermissions(Owner, OwnerGroup, privacy).MayAsk(Enum.Parse<ControlVerb>(verb), peer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"verb\":\"none\"}")]
    [InlineData("{\"verb\":\"format\"}")]
    [InlineData("{\"verb\":99}")]
    [InlineData("[1,2]")]
    [InlineData("null")]
    public async Task What_is_not_a_request_is_answered_76(string line)
    {
        ControlAnswer answer = Assert.Single(await AskAsync(line, new PeerCredentials(1, 0, 0)));
        Assert.Equal(SysExit.Protocol, answer.Exit);
    }

    [Fact]
    public async Task Stranger_that_asks_for_shutdown_is_answered_77_and_nothing_happens()
    {
        Target target = new();
        ControlAnswer answer = Assert.Single(await AskAsync("{\"verb\":\"shutdown\"}", new PeerCredentials(1, 1000, 1000), target));
        Assert.Equal(SysExit.NoPermission, answer.Exit);
        Assert.False(target.ShutdownRequested);
    }

    [Fact]
    public async Task Reload_that_fails_gives_its_diagnostics_and_78()
    {
        Target target = new() { Diagnostics = ["x.mc(3): bad"] };
        List<ControlAnswer> answers = await AskAsync("{\"verb\":\"reload\"}", new PeerCredentials(1, 0, 0), target);
        Assert.Equal("x.mc(3): bad", answers[0].Text);
        Assert.Equal(SysExit.Configuration, answers[^1].Exit);
    }

    [Fact]
    public async Task Request_line_above_the_cap_is_not_read()
    {
        using MemoryStream endless = new(Encoding.ASCII.GetBytes("{\"verb\":\"" + new string('x', ControlRequest.MaxOctets) + "\"}\n"));
        Assert.Null(await ControlLines.ReadAsync(endless, ControlRequest.MaxOctets, CancellationToken.None));
    }

    private static async Task<List<ControlAnswer>> AskAsync(string line, PeerCredentials peer, Target? target = null)
    {
        List<ControlAnswer> answers = [];
        await new ControlSession(target ?? new Target(), null!).AnswerAsync(
            Encoding.UTF8.GetBytes(line),
            peer,
            answer =>
            {
                answers.Add(answer);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        return answers;
    }

    private sealed class Target : IControlTarget
    {
        public bool ShutdownRequested { get; private set; }

        public IReadOnlyList<string> Diagnostics { get; init; } = [];

        public ControlPermissions Permissions => new(Owner, OwnerGroup, PrivacyFlags.Public);

        public IQueueStore Store => throw new NotSupportedException();

        public string Status() => "fine";

        public ValueTask RunQueueAsync(QueueFilter filter, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<IReadOnlyList<string>> ReloadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Diagnostics);

        public void RequestShutdown() => ShutdownRequested = true;
    }
}
