using Postrider.Mta.Configuration;

namespace Postrider.Mta.Hosting;

/// <summary>Where a site's daemon and its applets meet.</summary>
public sealed record DaemonPaths(string QueueDirectory, string ControlSocket, string SubmitSocket, string DropDirectory)
{
    public static DaemonPaths Of(SiteConfiguration site) => new(
        site.Queue.Directory,
        site.ControlSocket ?? Path.Combine(site.Queue.Directory, "control"),
        Path.Combine(site.Queue.Directory, "submit"),
        site.Queue.DropDirectory ?? Path.Combine(site.Queue.Directory, "drop"));

    /// <summary>The journal has a directory of its own below, closed to everybody else.</summary>
    public string JournalDirectory => Path.Combine(QueueDirectory, "journal");
}
