namespace Postrider.Tests.Mta.Aliasing;

/// <summary>A new directory in which sendmail's paranoia finds nothing: nobody but its owner and root may write to it or to what is above it.</summary>
internal static class SafePlace
{
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // Wherever the checkout stands: it may be below /tmp.
    private static readonly string[] Places = [AppContext.BaseDirectory, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "/var/lib", "/run"];

    public static string Make()
    {
        string place = Places.First(static place => place.Length > 0 && IsSafe(place));
        string made = Path.Combine(place, $"postrider-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(made, Mode);
        File.SetUnixFileMode(made, Mode);
        return made;
    }

    private static bool IsSafe(string place)
    {
        for (string? at = Path.TrimEndingDirectorySeparator(place); at is not null; at = Path.GetDirectoryName(at))
        {
            if (!Directory.Exists(at) || (File.GetUnixFileMode(at) & Others) != 0) return false;
        }

        return true;
    }
}
