using Postrider.Mail;
using Postrider.Smtp.Grammar;

namespace Postrider.Smtp.Server;

internal sealed partial class SmtpServerSession
{
    private readonly FloodBrake noopBrake = new();
    private readonly FloodBrake verifyBrake = new();
    private readonly FloodBrake etrnBrake = new();

    private bool OffersVerb => (settings.Privacy & (SmtpPrivacy.NoExpn | SmtpPrivacy.NoVerb)) == 0;

    private bool OffersEtrn => !settings.Privacy.HasFlag(SmtpPrivacy.NoEtrn) && !facts.Listener.NoEtrn;

    private async ValueTask<SmtpReply?> NoopAsync()
    {
        await BrakeAsync(noopBrake, settings.MaxNoopCommands, "NOOP");
        return SmtpReplies.Ok;
    }

    private async ValueTask<SmtpReply?> VerboseAsync()
    {
        await BrakeAsync(noopBrake, settings.MaxNoopCommands, "VERB");
        return OffersVerb ? SmtpReplies.Verbose : SmtpReplies.NoVerbose;
    }

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
        if (settings.Privacy.HasFlag(SmtpPrivacy.NoExpn)) return SmtpReplies.Sorry;
        return command.Argument.Length == 0 ? SmtpReplies.ArgumentRequired : await handler.ExpandAsync(SmtpEcho.Clean(command.Argument), wire.Token);
    }

    private async ValueTask<SmtpReply?> EtrnAsync(SmtpCommand command)
    {
        await BrakeAsync(etrnBrake, FloodBrake.EtrnLimit, "ETRN");
        if (!OffersEtrn) return SmtpReplies.Sorry;
        return command.Argument.Length == 0 ? SmtpReplies.ParameterRequired : await handler.EtrnAsync(SmtpEcho.Clean(command.Argument), wire.Token);
    }
}
