using Postrider.Mta.Hosting;

namespace Postrider.Cli.Options;

/// <summary>The command line cannot be served: one line for standard error and the exit code.</summary>
internal sealed class UsageException(string message, SysExit exit = SysExit.Usage) : Exception(message)
{
    public SysExit Exit { get; } = exit;
}
