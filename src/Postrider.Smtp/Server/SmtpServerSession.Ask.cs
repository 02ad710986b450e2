using Postrider.Mail;
using Postrider.Smtp.Grammar;

namespace Postrider.Smtp.Server;

internal sealed partial class SmtpServerSession
{
    private readonly FloodBrake noopBrake = new();
    private readonly FloodBrake verifyBrake = new();
    private readonly FloodBrake etrnBrake = new();

    private bool OffersExpn => !settings.Privacy.HasFlag(SmtpPrivacy.NoExpn) && !facts.Features.NoExpn;

    private bool OffersVerb => OffersExpn && !settings.Privacy.HasFlag(SmtpPrivacy.NoVerb) && !facts.Features.NoVerb;

    private bool OffersEtrn => !settings.Privacy.HasFlag(SmtpPrivacy.NoEtrn) && !facts.Listener.NoEtrn && !facts.Features.NoEtrn;

    private async ValueTask<SmtpReply?> NoopAsync(SmtpCommand command)
    {
        await BrakeAsync(noopBrake, settings.MaxNoopCommands, "NOOP");
        return await OtherAsync(command, SmtpReplies.Ok);
    }

    private async ValueTask<SmtpReply?> VerboseAsync(SmtpCommand command)
    {
        await BrakeAsync(noopBrake, settings.MaxNoopCommands, "VERB");
        return OffersVerb ? await OtherAsync(command, SmtpReplies.Verbose) : SmtpReplies.NoVerbose;
    }

    /// <summary>check_other: what the handler says in place of the answer, or the answer.</summary>
    private async ValueTask<SmtpReply> OtherAsync(SmtpCommand command, SmtpReply answer) =>
        await handler.OtherAsync(SmtpEcho.Clean(command.Line), answer.IsPositive, wire.Token) ?? answer;

    private async ValueTask<SmtpReply?> HelpAsync(SmtpCommand command)
    {
        await BrakeAsync(noopBrake, settings.MaxNoopCommands, "HELP");
        return SmtpHelp.On(command.Argument, settings.Product) ?? SmtpReplies.HelpUnknown(command.Argument);
    }

    private async ValueTask<SmtpReply?> VerifyAsync(SmtpCommand command)
    {
        await BrakeAsync(verifyBrake, FloodBrake.VerifyLimit, "VRFY");
        if (settings.Privacy.HasFlag(SmtpPrivacy.NoVrfy)) return SmtpReplies.CannotVerify;
        return command.Argument.Length == 0 ? SmtpReplies.ArgumentRequired : await handler.VerifyAsync(SmtpEcho.Clean(command.Argument), wire.Token);
    }

    private async ValueTask<SmtpReply?> ExpandAsync(SmtpCommand command)
    {
        await BrakeAsync(verifyBrake, FloodBrake.VerifyLimit, "EXPN");
        if (!OffersExpn) return SmtpReplies.Sorry;
        return command.Argument.Length == 0 ? SmtpReplies.ArgumentRequired : await handler.ExpandAsync(SmtpEcho.Clean(command.Argument), wire.Token);
    }

    private async ValueTask<SmtpReply?> EtrnAsync(SmtpCommand command)
    {
        await BrakeAsync(etrnBrake, FloodBrake.EtrnLimit, "ETRN");
        if (!OffersEtrn) return SmtpReplies.Sorry;
        return command.Argument.Length == 0 ? SmtpReplies.ParameterRequired : await handler.EtrnAsync(SmtpEcho.Clean(command.Argument), wire.Token);
    }
}
