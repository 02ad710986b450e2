using System.Text;

namespace Postrider.Cli;

/// <summary>Asks a person for a secret without showing it; or takes the first line of standard input when that is no terminal.</summary>
internal static class Terminal
{
    private const int MaxSecret = 4096;

    /// <summary>True when standard input is a terminal.</summary>
    public static bool IsInteractive => !Console.IsInputRedirected;

    /// <returns>Null at the end of input.</returns>
    public static async Task<string?> ReadSecretAsync(AppletContext context, string prompt, CancellationToken cancellationToken)
    {
        if (!IsInteractive) return await ReadLineAsync(context.Input, cancellationToken);
        await context.Error.WriteAsync(prompt);
        StringBuilder secret = new();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key.Key == ConsoleKey.Backspace) secret.Length = Math.Max(0, secret.Length - 1);
            else if (!char.IsControl(key.KeyChar)) secret.Append(key.KeyChar);
        }

        await context.Error.WriteLineAsync();
        return secret.ToString();
    }

    private static async Task<string?> ReadLineAsync(Stream input, CancellationToken cancellationToken)
    {
        MemoryStream line = new();
        byte[] octet = new byte[1];
        while (line.Length < MaxSecret && await input.ReadAsync(octet, cancellationToken) == 1 && octet[0] != '\n') line.WriteByte(octet[0]);
        return line.Length == 0 ? null : Encoding.UTF8.GetString(line.ToArray()).TrimEnd('\r');
    }
}
