using Postrider.Mta.Hosting;

namespace Postrider.Cli;

/// <summary>One row of the table: a name the binary answers to.</summary>
/// <param name="Name">First argument, or the name of a link to the binary.</param>
/// <param name="Summary">One line for <c>postrider help</c>.</param>
/// <param name="Run">The work.</param>
internal sealed record Applet(string Name, string Summary, Func<AppletContext, CancellationToken, Task<SysExit>> Run)
{
    /// <summary>A name of sendmail's that nothing answers to yet: says so and exits 69, so that a script does not take silence for success.</summary>
    public static Applet NotServed(string name, string summary) => new(name, summary + " (not served yet)", async (context, _) =>
    {
        await context.Error.WriteLineAsync($"{name}: not served by this version of postrider");
        return SysExit.Unavailable;
    });
}
