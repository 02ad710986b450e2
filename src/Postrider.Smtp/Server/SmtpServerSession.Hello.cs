using Postrider.Mail;
using Postrider.Smtp.Grammar;

namespace Postrider.Smtp.Server;

internal sealed partial class SmtpServerSession
{
    private readonly FloodBrake helloBrake = new();

    /// <summary>Greeting, or the 421 that stands in its place. A peer that is refused otherwise is greeted all the same (reference §5.3).</summary>
    private async ValueTask GreetAsync()
    {
        SmtpReply? refusal;
        try
        {
            refusal = await handler.ConnectAsync(wire.Token);
            if (refusal is null && facts.Tls is { } layer) refusal = await handler.TlsAsync(layer, wire.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            handler.Faulted("", e);
            refusal = SmtpReply.Of(421, "4.3.0", $"{settings.HostName} Temporary system failure. Please try again later.").Because(ReasonKind.Local, e.GetType().Name);
        }

        rejection = refusal;
        if (refusal is null && await PauseBeforeGreetingAsync()) return;
        Say("", refusal is { Code: 421 } ? refusal : SmtpReply.Of(220, null, settings.GreetingText(server.Clock.GetLocalNow())));
    }

    /// <summary>True: the client spoke before it was greeted; it has been told, and every command of it is refused (sendmail 8.17, oracle 13).</summary>
    private async ValueTask<bool> PauseBeforeGreetingAsync()
    {
        TimeSpan pause = await handler.GreetPauseAsync(wire.Token);
        if (pause <= TimeSpan.Zero) return false;
        long began = server.Clock.GetTimestamp();
        if (!await wire.HearsWithinAsync(pause, server.Clock)) return false;
        handler.SpokeEarly(server.Clock.GetElapsedTime(began));
        rejection = SmtpReplies.Rejected;
        Say("", SmtpReply.Of(554, null, $"{settings.HostName} ESMTP not accepting messages"));
        return true;
    }

    private async ValueTask<SmtpReply?> HelloAsync(SmtpCommand command, bool extended)
    {
        await BrakeAsync(helloBrake, FloodBrake.HelloLimit, "HELO/EHLO");
        if (command.Argument.Length == 0) return SmtpReplies.HeloNeedsDomain(extended ? "EHLO" : "HELO");
        if (!settings.AllowBogusHelo && !HeloName.IsLegal(command)) return SmtpReplies.InvalidDomain;
        if (wire.HasBuffered)
        {
            // RFC 2920 §3.1: EHLO must be the last command of a group. sendmail 8.17, oracle 02, 06: mail is refused from then on.
            rejection = SmtpReplies.Rejected;
            return SmtpReplies.EarlyTalker;
        }

        string name = SmtpEcho.Clean(command.Argument);
        if (rejection is null && await handler.HeloAsync(name, extended, wire.Token) is { IsPositive: false } refusal) return refusal;
        facts.HeloName = name;
        facts.IsExtended = extended;
        string hello = $"{settings.HostName} Hello {facts.Relay}, pleased to meet you";
        return extended ? new SmtpReply(250, null, Offers(hello)) : SmtpReply.Of(250, null, hello);
    }

    /// <summary>The EHLO list in sendmail's order (oracle 01, 03, 20; reference §6.3).</summary>
    private List<string> Offers(string hello)
    {
        List<string> lines = [hello, "ENHANCEDSTATUSCODES"];
        if (rejection is not null) return lines;
        SmtpPrivacy privacy = settings.Privacy;
        if (settings.Pipelining && !facts.Features.NoPipelining) lines.Add("PIPELINING");
        if (OffersExpn) lines.Add("EXPN");
        if (OffersVerb) lines.Add("VERB");
        lines.Add("8BITMIME");
        lines.Add(settings.MaxMessageSize > 0 ? $"SIZE {settings.MaxMessageSize}" : "SIZE");
        if (AllowsDsn) lines.Add("DSN");
        if (OffersEtrn) lines.Add("ETRN");
        IReadOnlyList<string> mechanisms = Mechanisms;
        if (mechanisms.Count > 0) lines.Add("AUTH " + string.Join(' ', mechanisms));
        if (OffersTls) lines.Add("STARTTLS");
        if (settings.DeliverByMin >= 0) lines.Add(settings.DeliverByMin > 0 ? $"DELIVERBY {settings.DeliverByMin}" : "DELIVERBY");
        lines.Add("HELP");
        return lines;
    }
}
