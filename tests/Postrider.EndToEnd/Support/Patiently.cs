namespace Postrider.EndToEnd.Support;

/// <summary>Waits for something that another process brings about: asks again until it holds or the bound is reached. Never asserts a duration.</summary>
internal static class Patiently
{
    public static async Task<bool> UntilAsync(Func<bool> holds, int seconds = 60)
    {
        DateTime end = DateTime.UtcNow.AddSeconds(seconds);
        while (!holds())
        {
            if (DateTime.UtcNow > end) return false;
            await Task.Delay(50);
        }

        return true;
    }
}
