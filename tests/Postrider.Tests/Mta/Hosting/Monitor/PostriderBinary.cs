namespace Postrider.Tests.Mta.Hosting.Monitor;

/// <summary>The program as it was built beside the tests.</summary>
internal static class PostriderBinary
{
    public static IReadOnlyList<string> Command { get; } = [Path.Combine(AppContext.BaseDirectory, "postrider")];
}
