using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Postrider.Smtp.Tls;

namespace Postrider.Tests.Smtp.Tls;

public sealed record OpenSslRun(string Output, IReadOnlyList<TlsFacts> Facts);

/// <summary>The openssl command as a peer, bounded to half a minute.</summary>
public static class OpenSsl
{
    /// <summary>One connection of s_client to a server that says one line and closes.</summary>
    public static async Task<OpenSslRun> AgainstAsync(ServerTls server, params string[] arguments)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        List<TlsFacts> facts = [];
        Task serving = Task.Run(async () =>
        {
            using Socket socket = await listener.AcceptSocketAsync();
            try
            {
                TlsLayer layer = await server.AuthenticateAsync(new NetworkStream(socket), CancellationToken.None);
                facts.Add(layer.Facts);
                await layer.Stream.WriteAsync("220 hello\r\n"u8.ToArray());
                await layer.Stream.DisposeAsync();
            }
            catch (Exception e) when (e is AuthenticationException or IOException)
            {
                // What the test asks about is that no facts came.
            }
        });
        string output = await RunAsync(["s_client", "-connect", $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", "-ign_eof", .. arguments]);
        await serving.WaitAsync(TimeSpan.FromSeconds(30));
        return new OpenSslRun(output, facts);
    }

    public static async Task<string> RunAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Close();
        using CancellationTokenSource bound = new(TimeSpan.FromSeconds(30));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(bound.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return await output + await errors;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
