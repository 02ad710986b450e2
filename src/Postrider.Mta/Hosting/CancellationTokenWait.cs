namespace Postrider.Mta.Hosting;

internal static class CancellationTokenWait
{
    /// <summary>Completes when the token is cancelled; never throws.</summary>
    public static async Task WhenCancelled(this CancellationToken token)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = token.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), done);
        await done.Task;
    }
}
