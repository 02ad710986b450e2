namespace Postrider.EndToEnd.Support;

/// <summary>Where the checkout and the program under test are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The published program when there is one (<c>make build</c>), else what this solution's build left.</summary>
    public static string Postrider { get; } = FindProgram();

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Postrider.slnx"))) return directory.FullName;
        }

        throw new InvalidOperationException("not below a checkout");
    }

    private static string FindProgram()
    {
        if (Environment.GetEnvironmentVariable("POSTRIDER") is { Length: > 0 } named) return named;
        string published = Path.Combine(Root, "out", "postrider");
        return File.Exists(published)
            ? published
            : Path.Combine(Root, "src", "Postrider", "bin", AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug", "net10.0", "postrider");
    }
}
