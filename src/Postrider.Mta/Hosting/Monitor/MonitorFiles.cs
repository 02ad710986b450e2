using System.Collections.Frozen;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Configuration;
using Postrider.Mta.Hosting.Posix;
using Postrider.Mta.Maps;
using Postrider.Sendmail.Cf;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Hosting.Monitor;

/// <summary>The files that the monitor opens for the worker: those of the maps that the configuration names, which the monitor has read itself; for reading, and nothing else.</summary>
internal sealed class MonitorFiles
{
    private readonly FrozenSet<string> paths;

    private MonitorFiles(IEnumerable<string> paths) => this.paths = paths.ToFrozenSet(StringComparer.Ordinal);

    public static MonitorFiles None { get; } = new([]);

    public static MonitorFiles Of(SiteConfiguration configuration) => Of(configuration.Rules?.Document.Maps ?? [], configuration.Aliases.Maps);

    /// <param name="maps">The K lines.</param>
    /// <param name="aliases">As in <see cref="AliasConfiguration.Maps"/>.</param>
    public static MonitorFiles Of(IEnumerable<CfMap> maps, IEnumerable<string> aliases) => new(
    [
        .. maps.SelectMany(static map => FileMapTypes.FilesOf(map.Type, map.Arguments)),
        .. aliases.Select(AliasMapBinder.FileOf).OfType<string>().SelectMany(static file => (string[])[file, FileMapTypes.FileName("hash", file)]),
    ]);

    /// <returns>The caller's; null: it is none of the configuration's, stands where somebody besides root could have put it, is no ordinary file, or cannot be opened.</returns>
    public SafeFileHandle? Open(string path)
    {
        if (!paths.Contains(path) || !IsRootsAlone(path)) return null;
        int descriptor = PosixCalls.Open(path, PosixCalls.OpenReadOnly | PosixCalls.OpenNoFollow | PosixCalls.OpenNonBlocking | PosixCalls.OpenCloseOnExec, 0);
        if (descriptor < 0) return null;
        SafeFileHandle file = new(descriptor, ownsHandle: true);
        if (FileFacts.Of(file).IsRegular) return file;
        file.Dispose();
        return null;
    }

    // Whoever may rename there could have put a link to any file in its place.
    private static bool IsRootsAlone(string path)
    {
        for (string? at = Path.GetDirectoryName(path); at is not null; at = Path.GetDirectoryName(at))
        {
            if (FileStatus.Of(at, followLink: false) is not { IsDirectory: true } status) return false;
            if (status.Owner != FileStatus.EffectiveUser && status.Owner != 0) return false;
            if ((status.Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0) return false;
        }

        return true;
    }
}
