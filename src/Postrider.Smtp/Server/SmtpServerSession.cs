using Postrider.Mail;
using Postrider.Smtp.Grammar;

namespace Postrider.Smtp.Server;

/// <summary>One SMTP session on the server's side: reads commands, asks the handler, writes replies in their order. One object per connection, used once.</summary>
/// <remarks>
/// Grammar says what a line means, <see cref="SmtpLaw"/> whether it is legal now, the handler what to answer; this class only leads the conversation.
/// Partial files by phase: Hello, Mail, Data, Auth, StartTls, Ask.
/// </remarks>
internal sealed partial class SmtpServerSession(SmtpServer server, SmtpSessionFacts facts, SmtpWire wire)
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(30);

    private readonly SmtpServerSettings settings = server.Settings;
    private readonly ISmtpTrace? trace = server.Trace?.Invoke(facts);
    private readonly ISmtpSessionHandler handler = server.Handlers.Begin(facts);
    private SmtpReply? rejection;
    private bool isClosing;
    private bool isFirstCommand = true;
    private bool mayHoldSecret;
    private bool isStray;
    private int badCommands;
    private int commandsWithoutMessage;

    private SmtpState State => transaction is not null ? recipients > 0 ? SmtpState.Addressed : SmtpState.Open
        : facts.HeloName is null ? SmtpState.Fresh : SmtpState.Greeted;

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await ConverseAsync();
        }
        catch (OperationCanceledException) when (wire.HasTimedOut)
        {
            Say("", SmtpReplies.CommandTimeout(settings.HostName));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Say("", SmtpReplies.ShuttingDown(settings.HostName));
        }
        finally
        {
            await DropTransactionAsync();
            using CancellationTokenSource patience = new(LastWords, server.Clock);
            await wire.FlushLastAsync(patience.Token);
            await handler.DisposeAsync();
        }
    }

    private async Task ConverseAsync()
    {
        if (facts.Listener.IsImplicitTls && !await HandshakeAsync()) return;
        await GreetAsync();
        while (!isClosing && await NextAsync())
        {
        }
    }

    /// <summary>One command and its reply. False: the peer is gone.</summary>
    private async ValueTask<bool> NextAsync()
    {
        int length = await ReadLineAsync(settings.MaxCommandLine, settings.Timeouts.Command);
        if (length == LineLost) return false;
        if (length == LineTooLong)
        {
            Say("", SmtpReplies.TooLong(settings.HostName, facts.Relay));
            return true;
        }

        SmtpCommand command = SmtpCommand.Parse(wire.Buffered.Span[..length]);
        wire.Consume(length + 1);
        string said = Blotted(command);
        trace?.Client(said);
        SmtpReply? reply;
        try
        {
            reply = await AnswerAsync(command);
        }
        catch (Exception e) when (e is not OperationCanceledException || !wire.Token.IsCancellationRequested)
        {
            reply = Faulted(said, e);
        }

        if (reply is not null) Say(said, reply);
        await wire.RelieveAsync();
        return true;
    }

    /// <summary>check → ask → proceed. Null: the phase has said its reply itself.</summary>
    private async ValueTask<SmtpReply?> AnswerAsync(SmtpCommand command)
    {
        bool isFirst = isFirstCommand;
        isFirstCommand = false;
        if (++commandsWithoutMessage > settings.MaxCommandsWithoutMessage) return SmtpReplies.TooManyCommands(settings.HostName);

        // Content sent without waiting for 354 must never be read as commands, whatever DATA would have been answered.
        if (command.Verb == SmtpVerb.Data && wire.HasBuffered) return SmtpReplies.EarlyTalkerEnds;
        if (rejection is not null && !SmtpLaw.IsAnsweredWhenRefused(command.Verb)) return rejection;
        if (command.HasBareCr) return SmtpReplies.BareCrInCommand;
        if (server.Law.Check(command.Verb, State) is { } illegal) return illegal;
        SmtpReply? reply = await ProceedAsync(command, isFirst);
        if (reply is { IsPositive: true } && SmtpLaw.Resets(command.Verb)) await DropTransactionAsync();
        return reply;
    }

    private async ValueTask<SmtpReply?> ProceedAsync(SmtpCommand command, bool isFirst)
    {
        return command.Verb switch
        {
            SmtpVerb.Mail => await MailAsync(command),
            SmtpVerb.Rcpt => await RcptAsync(command),
            SmtpVerb.Data => await DataAsync(),
            SmtpVerb.Ehlo => await HelloAsync(command, extended: true),
            SmtpVerb.Helo => await HelloAsync(command, extended: false),
            SmtpVerb.Rset => SmtpReplies.Reset,
            SmtpVerb.Noop => await NoopAsync(command),
            SmtpVerb.Quit => SmtpReplies.Goodbye(settings.HostName),
            SmtpVerb.Help => await HelpAsync(command),
            SmtpVerb.Vrfy => await VerifyAsync(command),
            SmtpVerb.Expn => await ExpandAsync(command),
            SmtpVerb.Verb => await VerboseAsync(command),
            SmtpVerb.Etrn => await EtrnAsync(command),
            SmtpVerb.StartTls => await StartTlsAsync(command),
            SmtpVerb.Auth => await AuthAsync(command),
            _ => await OtherAsync(command, Bad(command, isFirst)),
        };
    }

    /// <summary>A reply, in its turn. It leaves when the session next waits.</summary>
    private void Say(string said, SmtpReply reply)
    {
        SmtpReplyWriter.Write(wire.Output, reply);
        isClosing |= reply.ClosesSession || reply.Code == 421;
        if (trace is not null) Trace(reply);
        handler.Replied(said, reply);
    }

    private void Trace(SmtpReply reply)
    {
        string status = reply.Status is { } known ? known + " " : "";
        for (int i = 0; i < reply.Lines.Count; i++) trace!.Server($"{reply.Code}{(i < reply.Lines.Count - 1 ? '-' : ' ')}{status}{reply.Lines[i]}");
    }

    private SmtpReply Faulted(string said, Exception exception)
    {
        handler.Faulted(said, exception);
        return SmtpReplies.Internal.Because(ReasonKind.Local, $"{exception.GetType().Name}: {SmtpEcho.Clean(exception.Message)}");
    }

    private SmtpReply Bad(SmtpCommand command, bool isFirst)
    {
        // sendmail 8.17, oracle 01: only as the very first command. A browser made to speak to us must not get a second try.
        if (isFirst && facts.HeloName is null && IsHttp(command.Line)) return SmtpReplies.OpenProxy(settings.HostName, facts.Relay);
        if (++badCommands > settings.MaxBadCommands) return SmtpReplies.TooManyBad(settings.HostName);
        SmtpReply reply = command.Verb == SmtpVerb.NotImplemented ? SmtpReplies.NotImplemented : SmtpReplies.Unrecognized;
        return isStray || settings.Privacy.HasFlag(SmtpPrivacy.NoReflection) ? reply : reply.Echoed(command.Line);
    }

    private static bool IsHttp(string line) => line.StartsWith("GET ", StringComparison.OrdinalIgnoreCase) || line.StartsWith("POST ", StringComparison.OrdinalIgnoreCase)
        || line.StartsWith("CONNECT ", StringComparison.OrdinalIgnoreCase) || line.StartsWith("USER ", StringComparison.OrdinalIgnoreCase);

    /// <summary>What may be logged of a command: never what AUTH carries, nor a response that came after AUTH had been refused.</summary>
    private string Blotted(SmtpCommand command)
    {
        isStray = mayHoldSecret && command.Verb == SmtpVerb.Unknown;
        mayHoldSecret = command.Verb == SmtpVerb.Auth;
        if (isStray) return "****";
        if (command.Verb != SmtpVerb.Auth) return command.Line;
        int blank = command.Argument.IndexOfAny([' ', '\t']);
        return blank < 0 ? "AUTH " + command.Argument : $"AUTH {command.Argument.AsSpan(0, blank)} ****";
    }

    private async ValueTask BrakeAsync(FloodBrake brake, int limit, string command)
    {
        TimeSpan pause = brake.Press(limit);
        if (pause == TimeSpan.Zero) return;
        if (brake.Count == limit) handler.Flooded(command, brake.Count);
        await PauseAsync(pause);
    }

    private async ValueTask PauseAsync(TimeSpan pause)
    {
        await wire.FlushAsync();
        await Task.Delay(pause, server.Clock, wire.Token);
    }
}
