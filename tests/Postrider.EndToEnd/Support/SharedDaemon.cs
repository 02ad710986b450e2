
namespace Postrider.EndToEnd.Support;

/// <summary>One site and one daemon for a class of tests.</summary>
public class SharedDaemon : IAsyncLifetime
{
    internal TestSite Site { get; private set; } = null!;

    internal Daemon Daemon { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Site = await CreateAsync();
        Daemon = await Site.StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Daemon.DisposeAsync();
        await Site.DisposeAsync();
    }

    private protected virtual Task<TestSite> CreateAsync() => TestSite.CreateAsync();

    /// <summary>The delivered message that holds this text; waits for it.</summary>
    internal async Task<string> MessageAsync(string mailbox, string text)
    {
        string? found = null;
        bool there = await Patiently.UntilAsync(() =>
        {
            found = Site.Mailbox(mailbox).Select(File.ReadAllText).FirstOrDefault(message => message.Contains(text, StringComparison.Ordinal));
            return found is not null;
        });
        Assert.True(there, $"no message with '{text}' in {mailbox}\n{Daemon.Log}");
        return found!;
    }
}
