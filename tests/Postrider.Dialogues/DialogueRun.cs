using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Postrider.Testing;

namespace Postrider.Dialogues;

/// <summary>One run of one dialogue with one feeding, over in-memory pipes and the fake clock.</summary>
internal sealed class DialogueRun(Dialogue dialogue, Feeding feeding, IDialogueSite site)
{
    /// <summary>Real time: only for a server that hangs.</summary>
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly MemoryDuplex pipe = new();
    private readonly StringBuilder said = new();
    private readonly List<byte> group = [];
    private readonly List<byte> arrived = [];
    private Stream client = Stream.Null;
    private Task server = Task.CompletedTask;
    private bool isEnded;

    public async Task PlayAsync()
    {
        client = pipe.Client;
        server = Task.Run(async () =>
        {
            await site.ServeAsync(pipe.Server, dialogue.Client);
            pipe.CloseServer();
        });
        int queued = 0;
        int logged = 0;
        bool isOver = false, hasQueue = false;
        DialogueStep? last = null;
        foreach (DialogueStep step in dialogue.Steps)
        {
            last = step;
            if (step.Word != "C:") await SendGroupAsync();
            switch (step.Word)
            {
                case "C:": await SayAsync(step); break;
                case "C-raw:": await SendAsync(Dialogue.Octets(step.Text), asOne: true); break;
                case "S:": await ExpectAsync(step); break;
                case "TLS": await SecureAsync(step); break;
                case "UNTLS": await ((SslStream)client).ShutdownAsync(); break;
                case "WAIT": await WaitAsync(step); break;
                case "CLOSE": await ExpectEndAsync(step); break;
                case "DROP": pipe.CloseClient(); break;
                case "QUEUE:":
                    if (!isOver) await FinishAsync(step);
                    isOver = hasQueue = true;
                    if (step.Text != "empty") CheckQueued(step, queued++);
                    break;
                case "|": CheckContent(step, queued - 1); break;
                case "LOG:":
                    if (!isOver) await FinishAsync(step);
                    isOver = true;
                    logged = CheckLogged(step, logged);
                    break;
            }
        }

        await SendGroupAsync();
        if (!isOver) await FinishAsync(last!);
        if (hasQueue && site.Committed.Count != queued) throw Fail(last!, $"{site.Committed.Count} messages were committed, {queued} expected");
    }

    private async Task SayAsync(DialogueStep step)
    {
        Note("C: " + step.Text);
        byte[] octets = Encoding.Latin1.GetBytes(step.Text + "\r\n");
        if (feeding == Feeding.Whole) group.AddRange(octets);
        else await SendAsync(octets, asOne: feeding == Feeding.LineByLine);
    }

    private async Task SendGroupAsync()
    {
        if (group.Count == 0) return;
        byte[] octets = [.. group];
        group.Clear();
        await SendAsync(octets, asOne: true);
    }

    private async Task SendAsync(byte[] octets, bool asOne)
    {
        try
        {
            if (asOne)
            {
                await client.WriteAsync(octets);
                return;
            }

            for (int i = 0; i < octets.Length; i++) await client.WriteAsync(octets.AsMemory(i, 1));
        }
        catch (IOException)
        {
            // The server has closed; what it said before shows whether that was right.
        }
    }

    private async Task ExpectAsync(DialogueStep step)
    {
        if (step.Text.EndsWith("-...", StringComparison.Ordinal))
        {
            string prefix = step.Text[..^3];
            while (await PeekLineAsync(step) is { } more && more.StartsWith(prefix, StringComparison.Ordinal)) Take(more);
            return;
        }

        string? line = await PeekLineAsync(step);
        bool fits = line is not null && (step.Text.EndsWith('*')
            ? line.StartsWith(step.Text[..^1], StringComparison.Ordinal)
            : line == step.Text);
        if (!fits) throw Fail(step, $"expected S: {step.Text}\n     got S: {line ?? "(closed)"}");
        Take(line!);
    }

    private void Take(string line)
    {
        Note("S: " + line);
        arrived.RemoveRange(0, Encoding.UTF8.GetByteCount(line) + 2);
    }

    /// <summary>The next line without its CRLF; null at the end.</summary>
    private async Task<string?> PeekLineAsync(DialogueStep step)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            int end = arrived.IndexOf((byte)'\n');
            if (end >= 0)
            {
                if (end == 0 || arrived[end - 1] != '\r') throw Fail(step, "a reply line does not end in CRLF");
                return Encoding.UTF8.GetString([.. arrived[..(end - 1)]]);
            }

            if (isEnded) return arrived.Count == 0 ? null : throw Fail(step, "the last reply line has no end");
            try
            {
                int read = await client.ReadAsync(buffer).AsTask().WaitAsync(Guard);
                isEnded = read == 0;
                arrived.AddRange(buffer.AsSpan(0, read));
            }
            catch (IOException)
            {
                isEnded = true;
            }
            catch (TimeoutException)
            {
                throw Fail(step, "the server says nothing");
            }
        }
    }

    private async Task SecureAsync(DialogueStep step)
    {
        Note("TLS " + step.Text);
        SslClientAuthenticationOptions options = new() { TargetHost = "mx.example.com", RemoteCertificateValidationCallback = static (_, _, _, _) => true };
        foreach (string word in step.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string value = word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..];
            if (word.StartsWith("cert=", StringComparison.Ordinal)) options.ClientCertificateContext = SslStreamCertificateContext.Create(DialogueFiles.ClientCertificate(value), additionalCertificates: null, offline: true);
            else if (word == "version=1.2") options.EnabledSslProtocols = SslProtocols.Tls12;
            else if (word.StartsWith("cipher=", StringComparison.Ordinal)) options.CipherSuitesPolicy = new CipherSuitesPolicy([Enum.Parse<TlsCipherSuite>(value)]);
            else throw Fail(step, "no such word: " + word);
        }

        SslStream tls = new(client, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsClientAsync(options).WaitAsync(Guard);
        client = tls;
    }

    private async Task WaitAsync(DialogueStep step)
    {
        Note("WAIT " + step.Text);
        DateTime end = DateTime.UtcNow + Guard;
        while (site.Clock.Armed == 0)
        {
            if (DateTime.UtcNow > end) throw Fail(step, "the server does not wait");
            await Task.Yield();
        }

        double number = double.Parse(step.Text[..^1], CultureInfo.InvariantCulture);
        site.Clock.Advance(step.Text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => throw Fail(step, "s, m, h or d"),
        });
    }

    private async Task ExpectEndAsync(DialogueStep step)
    {
        if (await PeekLineAsync(step) is { } line) throw Fail(step, "expected the server to close\n     got S: " + line);
        Note("CLOSE");
    }

    /// <summary>The client goes; the server must have said nothing more than the file has, and end.</summary>
    private async Task FinishAsync(DialogueStep step)
    {
        pipe.CloseClient();
        try
        {
            await server.WaitAsync(Guard);
        }
        catch (TimeoutException)
        {
            throw Fail(step, "the session does not end");
        }

        if (await PeekLineAsync(step) is { } line) throw Fail(step, "the file has no more\n     got S: " + line);
    }

    private void CheckQueued(DialogueStep step, int index)
    {
        string got = index < site.Committed.Count ? site.Committed[index].Envelope : "(nothing)";
        if (got != step.Text) throw Fail(step, $"expected QUEUE: {step.Text}\n     got QUEUE: {got}");
        Note("QUEUE: " + got);
        contentLine = null;
    }

    private int? contentLine;

    private void CheckContent(DialogueStep step, int index)
    {
        string[] lines = site.Committed[index].Content.Split("\r\n");
        if (contentLine is null)
        {
            int wanted = dialogue.Steps.SkipWhile(s => s != step).TakeWhile(s => s.Word == "|").Count();
            contentLine = lines.Length - 1 - wanted;
        }

        string got = contentLine >= 0 ? lines[contentLine.Value] : "(nothing)";
        contentLine++;
        if (!Fits(step.Text, got)) throw Fail(step, $"expected | {step.Text}\n     got | {got}");
    }

    /// <returns>Where the next LOG looks on.</returns>
    private int CheckLogged(DialogueStep step, int from)
    {
        for (int i = from; i < site.Log.Count; i++)
        {
            if (!Fits(step.Text, site.Log[i])) continue;
            Note("LOG: " + site.Log[i]);
            return i + 1;
        }

        throw Fail(step, $"expected LOG: {step.Text}\n     got LOG: {string.Join("\n              ", site.Log.Skip(from))}");
    }

    private static bool Fits(string pattern, string text)
    {
        string[] parts = pattern.Split('*');
        if (parts.Length == 1) return text == pattern;
        if (!text.StartsWith(parts[0], StringComparison.Ordinal)) return false;
        int at = parts[0].Length;
        foreach (string part in parts[1..^1])
        {
            int found = text.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + part.Length;
        }

        return text.Length - at >= parts[^1].Length && text.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    private void Note(string line) => said.AppendLine(line.Length > 200 ? line[..200] + "…" : line);

    private DialogueFailure Fail(DialogueStep step, string what) =>
        new($"{dialogue.Name}.smtp({step.Line.ToString(CultureInfo.InvariantCulture)}), fed {feeding}: {what}\n--- said until then:\n{said}--- site log:\n{string.Join('\n', site.Trace)}");
}
