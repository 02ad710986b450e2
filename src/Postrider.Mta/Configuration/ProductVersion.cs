namespace Postrider.Mta.Configuration;

/// <summary>The version of this program, as <c>$v</c>, Received: and the greeting show it.</summary>
public static class ProductVersion
{
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetName().Version?.ToString(3) ?? "0";
}
