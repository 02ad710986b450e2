using Postrider.Mta.Configuration;
using Postrider.Mta.Hosting;

namespace Postrider.Cli;

/// <summary>A configuration an applet works with, and where its daemon is met.</summary>
internal sealed record LoadedSite(SiteConfiguration Configuration, ISiteSource Source)
{
    public DaemonPaths Paths { get; } = DaemonPaths.Of(Configuration);
}
