using System.Globalization;
using System.Text;
using Postrider.Cli.Options;
using Postrider.Mta.Hosting;

namespace Postrider.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using StreamWriter output = new(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        using StreamWriter error = new(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
        using Stream input = Console.OpenStandardInput();
        (Applet applet, IReadOnlyList<string> rest) = AppletTable.Choose(InvocationName.Read(), arguments);
        AppletContext context = new(applet.Name, rest, input, output, error, TimeProvider.System);
        try
        {
            return (int)await applet.Run(context, CancellationToken.None);
        }
        catch (UsageException e)
        {
            if (e.Message.Length > 0) await error.WriteLineAsync(e.Message);
            return (int)e.Exit;
        }
        catch (DaemonStartException e)
        {
            await error.WriteLineAsync(e.IsWhole ? e.Message : $"{applet.Name}: {e.Message}");
            return (int)e.Exit;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{applet.Name}: {e.Message}");
            return (int)SysExit.IoError;
        }
    }
}
