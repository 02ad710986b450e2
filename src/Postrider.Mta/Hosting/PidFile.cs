using System.Globalization;

namespace Postrider.Mta.Hosting;

/// <summary>PidFile: process id in the first line, command line in the second, as sendmail writes it (oracle 87).</summary>
internal sealed class PidFile : IDisposable
{
    private readonly string path;

    private PidFile(string path) => this.path = path;

    /// <summary>Written before privileges are given up: its directory usually belongs to root.</summary>
    /// <exception cref="DaemonStartException">It cannot be written.</exception>
    public static PidFile Write(string path)
    {
        string commandLine = string.Join(' ', Environment.GetCommandLineArgs().Select(static word => string.Concat(word.Select(static c => char.IsControl(c) ? '?' : c))));
        try
        {
            string temporary = path + ".new";
            File.Delete(temporary);
            FileStreamOptions options = new()
            {
                Mode = FileMode.CreateNew, // never through a link
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            };
            using (StreamWriter writer = new(temporary, options)) writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n{commandLine}\n"));
            File.Move(temporary, path, overwrite: true);
            return new PidFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DaemonStartException(SysExit.CannotCreate, $"{path}: {e.Message}", e);
        }
    }

    /// <summary>Removed at a clean end if this user may; a stale one is told by its process id.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its directory belongs to root.
        }
    }
}
