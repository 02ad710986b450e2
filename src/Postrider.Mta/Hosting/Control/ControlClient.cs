using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Postrider.Mta.Hosting.Control;

/// <summary>The applets' side of the control socket.</summary>
public static class ControlClient
{
    /// <summary>Asks and yields the answer's lines, the one with <see cref="ControlAnswer.Exit"/> last.</summary>
    /// <exception cref="SocketException">No daemon is there.</exception>
    /// <exception cref="IOException">The daemon went away before its answer was whole.</exception>
    public static async IAsyncEnumerable<ControlAnswer> AskAsync(string path, ControlRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Socket socket = await UnixSockets.ConnectAsync(path, cancellationToken);
        using NetworkStream stream = new(socket, ownsSocket: false);
        await ControlLines.WriteAsync(stream, request, cancellationToken);
        using StreamReader reader = new(stream);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            ControlAnswer answer = JsonSerializer.Deserialize(line, ControlJson.Default.ControlAnswer) ?? throw new IOException($"{path}: not an answer");
            yield return answer;
            if (answer.Exit is not null) yield break;
        }

        throw new IOException($"{path}: the daemon went away before its answer was whole");
    }
}
