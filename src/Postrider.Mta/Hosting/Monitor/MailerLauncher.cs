using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Delivery.Mailers;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting.Monitor;

/// <summary>Starts the programs of mailers: as whoever the mailer says when this process is root, else as ourselves. Thread-safe.</summary>
/// <remarks>Reads the message from its descriptor and hands it on; looks at nothing in it.</remarks>
/// <param name="mailers">Those of the configuration that this process has read itself.</param>
/// <param name="own">How to start our own binary, see <see cref="OwnProgram"/>.</param>
public sealed class MailerLauncher(Func<MailerTable> mailers, IReadOnlyList<string> own, TimeProvider time) : IMailerRunner, IDisposable
{
    /// <summary>Programs at once; the others wait.</summary>
    private const int MaxPrograms = 32;

    /// <summary>For what a program left running in the background has still to say.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim slots = new(MaxPrograms);

    public async ValueTask<MailerExit> RunAsync(MailerRun run, SafeFileHandle content, CancellationToken cancellationToken)
    {
        MailerTable table = mailers();
        if (!table.TryFind(run.Mailer, out MailerDefinition? mailer) || mailer.Kind is not (MailerKind.Program or MailerKind.File)) return MailerExit.NotRun("no such program mailer");
        MailerIdentity? identity = null;
        if (SystemUser.IsRoot)
        {
            identity = MailerIdentity.Choose(mailer, run.Controller, table.DefaultUser, out string? nobody);
            if (identity is null) return MailerExit.NotRun(nobody!);
        }

        string home = run.Controller is { } user ? SystemUser.Find(user)?.Home ?? "" : "";
        if (!MailerCommand.TryExpand(mailer, run, home, out ImmutableArray<string> words, out string? fault)) return new MailerExit((int)SysExit.DataError, 0, $"{mailer.Name}: {fault}");
        bool appends = mailer.Kind == MailerKind.File;
        if (appends && words.Length != 2) return new MailerExit((int)SysExit.Configuration, 0, $"{mailer.Name}: A= names no file");
        MailerStart start = new()
        {
            Path = appends ? words[1] : mailer.Path,
            Appends = appends,
            Arguments = words,
            Environment = table.Environment,
            Directories = MailerCommand.Directories(mailer, run, home),
            Identity = identity,
            Nice = mailer.Nice,
            Root = (appends ? table.SafeFileEnvironment : mailer.Root) ?? "",
        };
        await slots.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(start, content, mailer.Wait ?? MailerDefinition.DefaultWait, cancellationToken);
        }
        finally
        {
            slots.Release();
        }
    }

    public void Dispose() => slots.Dispose();

    private async ValueTask<MailerExit> RunAsync(MailerStart start, SafeFileHandle content, TimeSpan wait, CancellationToken cancellationToken)
    {
        ProcessStartInfo how = OwnProgram.Start(own, MailerChild.Name);
        how.RedirectStandardError = true;
        using Process process = new() { StartInfo = how };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return MailerExit.NotRun($"{own[0]} cannot be started: {e.Message}");
        }

        using CancellationTokenSource patience = new(wait, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        BoundedOutput said = new(MailerExit.MaxOutput);
        Task listening = Task.WhenAll(said.ReadAsync(process.StandardOutput.BaseStream), said.ReadAsync(process.StandardError.BaseStream));
        try
        {
            await FeedAsync(process.StandardInput.BaseStream, start, content, either.Token);
            await process.WaitForExitAsync(either.Token);
        }
        catch (InvalidDataException e)
        {
            // The end of its input would have been taken for the end of the message.
            Kill(process);
            return MailerExit.NotRun(e.Message);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            cancellationToken.ThrowIfCancellationRequested();
            return MailerExit.NotRun($"did not end within {wait}") with { Output = said.ToString() };
        }

        await Task.WhenAny(listening, Task.Delay(LastWords, time, CancellationToken.None));

        // .NET tells death by signal n as 128+n, as a shell does; so a program that ends with such a code is taken for killed, which is the milder of the two.
        int code = process.ExitCode;
        return code is > 128 and <= 192 ? new MailerExit(0, code - 128, said.ToString()) : new MailerExit(code, 0, said.ToString());
    }

    private static async Task FeedAsync(Stream input, MailerStart start, SafeFileHandle content, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(start.Encode(), cancellationToken);
            byte[] buffer = new byte[65536];
            long at = 0;
            for (int read = await ReadAsync(content, buffer, at, cancellationToken); read > 0; read = await ReadAsync(content, buffer, at, cancellationToken))
            {
                await input.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                at += read;
            }
        }
        catch (IOException)
        {
            // The program reads no further. Whether that is right only its exit code tells.
        }

        try
        {
            await input.DisposeAsync();
        }
        catch (IOException)
        {
            // The same.
        }
    }

    /// <exception cref="InvalidDataException">The message cannot be read.</exception>
    private static async ValueTask<int> ReadAsync(SafeFileHandle content, byte[] buffer, long at, CancellationToken cancellationToken)
    {
        try
        {
            return await RandomAccess.ReadAsync(content, buffer, at, cancellationToken);
        }
        catch (IOException e)
        {
            throw new InvalidDataException("the message cannot be read: " + e.Message, e);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended meanwhile, or its children have.
        }
    }

    /// <summary>What a program says, up to a limit; the rest is read and thrown away.</summary>
    private sealed class BoundedOutput(int limit)
    {
        private readonly Lock gate = new();
        private readonly byte[] kept = new byte[limit];
        private int length;

        public async Task ReadAsync(Stream stream)
        {
            byte[] buffer = new byte[4096];
            try
            {
                for (int read = await stream.ReadAsync(buffer); read > 0; read = await stream.ReadAsync(buffer)) Keep(buffer.AsSpan(0, read));
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // Closed with the process.
            }
        }

        public override string ToString()
        {
            lock (gate) return Encoding.UTF8.GetString(kept, 0, length);
        }

        private void Keep(ReadOnlySpan<byte> octets)
        {
            lock (gate)
            {
                int fits = Math.Min(octets.Length, kept.Length - length);
                octets[..fits].CopyTo(kept.AsSpan(length));
                length += fits;
            }
        }
    }
}
