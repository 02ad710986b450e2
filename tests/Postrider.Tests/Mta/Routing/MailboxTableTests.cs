using Postrider.Mta.Routing;
using Postrider.Testing;

namespace Postrider.Tests.Mta.Routing;

public sealed class MailboxTableTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("postrider-mailboxes-").FullName;
    private readonly ManualTimeProvider time = new();

    private string File => Path.Combine(directory, "mailboxes");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Row_is_found_ignoring_case_below_the_base_directory()
    {
        await System.IO.File.WriteAllTextAsync(File, "# users\n\nDemo@Example.com\tdemo/Maildir\npostmaster   admin/\n", TestContext.Current.CancellationToken);
        MailboxTable table = Open();
        Assert.Equal("/mail/demo/Maildir", (await table.FindAsync("DEMO@example.com", TestContext.Current.CancellationToken))?.Directory);
        Assert.Equal("/mail/admin", (await table.FindAsync("postmaster", TestContext.Current.CancellationToken))?.Directory);
        Assert.Null(await table.FindAsync("demo", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("x ../outside")]
    [InlineData("x /etc/cron.d")]
    [InlineData("x a/../..")]
    [InlineData("x .")]
    [InlineData("x /mailbox")]
    public void Value_may_not_leave_the_base_directory(string row)
    {
        System.IO.File.WriteAllText(File, "ok ok\n" + row + "\n");
        Assert.Null(MailboxTable.Open(File, "/mail", time, out IReadOnlyList<string> problems));
        Assert.StartsWith($"{File}(2): ", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_wrong_row_is_named_at_once()
    {
        System.IO.File.WriteAllText(File, "alone\nx x\nX y\n");
        Assert.Null(MailboxTable.Open(File, "/mail", time, out IReadOnlyList<string> problems));
        Assert.Equal(2, problems.Count);
    }

    [Fact]
    public void Missing_table_is_a_problem_that_names_it()
    {
        Assert.Null(MailboxTable.Open(File, "/mail", time, out IReadOnlyList<string> problems));
        Assert.Contains(File, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_table_serves_within_a_second()
    {
        await System.IO.File.WriteAllTextAsync(File, "a a\n", TestContext.Current.CancellationToken);
        MailboxTable table = Open();
        await System.IO.File.WriteAllTextAsync(File, "a a\nbb bb\n", TestContext.Current.CancellationToken);
        Assert.Null(await table.FindAsync("bb", TestContext.Current.CancellationToken));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await table.FindAsync("bb", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Table_that_went_wrong_keeps_the_rows_that_were_good()
    {
        await System.IO.File.WriteAllTextAsync(File, "a a\n", TestContext.Current.CancellationToken);
        MailboxTable table = Open();
        List<string> problems = [];
        table.Problem = problems.Add;
        await System.IO.File.WriteAllTextAsync(File, "broken-line\n", TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await table.FindAsync("a", TestContext.Current.CancellationToken));
        Assert.Single(problems);
    }

    private MailboxTable Open()
    {
        MailboxTable? table = MailboxTable.Open(File, "/mail", time, out IReadOnlyList<string> problems);
        Assert.True(table is not null, string.Join('\n', problems));
        return table;
    }
}
