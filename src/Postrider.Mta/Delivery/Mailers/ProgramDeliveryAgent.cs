using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Postrider.Mail;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>Delivers by running a program: <c>local</c>, <c>prog</c>, <c>procmail</c> and what else names a file in P=. Thread-safe; one instance serves a mailer.</summary>
/// <remarks>
/// An attempt: (1) recipients that one start of the program can serve together (flag m, r=, one user to run as), (2) the message in the mailer's form, (3) the
/// program, (4) its exit code for each recipient of that start.
/// In whose name it runs, as sendmail has it: flag S: the mailer's U=, else nobody else's than ours; flag o: the recipient's; otherwise the sender's when he is
/// local; else U=, else DefaultUser.
/// Differs from sendmail: with flag o recipients of different users are never served by one start, so that nobody's mail is handled in another's name.
/// </remarks>
public sealed class ProgramDeliveryAgent(ProgramDeliverySettings settings, IMailerRunner runner, TimeProvider time, ILogger<ProgramDeliveryAgent> logger) : IDeliveryAgent
{
    private readonly MailerDefinition mailer = settings.Mailer;
    private readonly UserTurns turns = new();

    public async ValueTask<IReadOnlyList<RecipientOutcome>> DeliverAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
    {
        if (mailer.MaxSize > 0 && attempt.ContentOctets > mailer.MaxSize)
        {
            string words = string.Create(CultureInfo.InvariantCulture, $"Message is too large; {mailer.MaxSize} bytes max");
            return [.. attempt.Recipients.Select(r => new RecipientOutcome(r.Number, OutcomeKind.Failed, new EnhancedStatusCode(5, 2, 3), words))];
        }

        List<RecipientOutcome> outcomes = new(attempt.Recipients.Count);
        string? sender = mailer.Has('S') || mailer.Has('o') ? null : await settings.LocalSender(attempt.Envelope.ReversePath, cancellationToken);
        foreach ((string? controller, DeliveryRecipient[] recipients) in Starts(attempt, sender))
        {
            try
            {
                MailerExit exit = await RunAsync(attempt, controller, recipients, cancellationToken);
                if (exit.Trouble is not null || exit.Signal != 0) logger.MailerFailed(attempt.Envelope.Id.ToString(), mailer.Name, exit.Trouble ?? string.Create(CultureInfo.InvariantCulture, $"died with signal {exit.Signal}"));
                outcomes.AddRange(recipients.Select(r => MailerExits.Outcome(r.Number, mailer, exit)));
            }
            catch (Exception e) when (outcomes.Count > 0)
            {
                // Cancelled, or the content cannot be read: what earlier starts came to must still be told; silence means deferred for the others.
                logger.AttemptCutShort(attempt.Envelope.Id.ToString(), e.Message);
                break;
            }
        }

        return outcomes;
    }

    private IEnumerable<(string? Controller, DeliveryRecipient[] Recipients)> Starts(DeliveryAttempt attempt, string? sender)
    {
        int together = mailer.Has('m') ? Math.Max(1, mailer.MaxRecipients) : 1;
        return attempt.Recipients
            .GroupBy(recipient => Controller(recipient, sender), StringComparer.Ordinal)
            .SelectMany(group => group.Chunk(together).Select(chunk => (group.Key, chunk)));
    }

    private string? Controller(DeliveryRecipient recipient, string? sender)
    {
        if (mailer.Has('S')) return null;
        if (recipient.Recipient.Controller is { } behind) return behind.User;
        if (!mailer.Has('o')) return sender;

        // Flag w: a recipient is a user of the system. Elsewhere $u is no user's name, but a command.
        return mailer.Has('w') ? User(recipient) : null;
    }

    private string User(DeliveryRecipient recipient)
    {
        string user = mailer.Has('s') ? recipient.User.Replace("\"", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal) : recipient.User;
        return mailer.Has('u') ? user : user.ToLowerInvariant();
    }

    private async ValueTask<MailerExit> RunAsync(DeliveryAttempt attempt, string? controller, DeliveryRecipient[] recipients, CancellationToken cancellationToken)
    {
        MacroTable macros = Macros(attempt);
        MailerRun run = new()
        {
            Mailer = mailer.Name,
            Controller = controller,
            Users = [.. recipients.Select(User)],
            Macros = MailerCommand.MacrosOf(mailer).ToImmutableDictionary(static name => name, name => macros.Expanded(name) ?? "", StringComparer.Ordinal),
        };
        using IDisposable? turn = mailer.Has('w') ? await turns.TakeAsync(run.Users, cancellationToken) : null;
        await using Stream content = await attempt.OpenContent(cancellationToken);
        await using FileStream file = await MailerContent.WriteAsync(mailer, Head(macros), content, settings.SpoolDirectory, cancellationToken);
        return await runner.RunAsync(run, file.SafeFileHandle, cancellationToken);
    }

    private MacroTable Macros(DeliveryAttempt attempt)
    {
        MacroTable macros = new(settings.Macros);
        foreach ((string name, string value) in attempt.Envelope.Macros) macros.Set(name, value);
        string sender = attempt.Envelope.ReversePath.IsNull ? macros.Expanded("n") ?? "MAILER-DAEMON" : attempt.Envelope.ReversePath.Address;
        macros.Set("f", sender);
        macros.Set("g", attempt.Sender ?? sender);
        macros.Set("h", attempt.Host);
        macros.Set("i", attempt.Envelope.Id.Value);
        DateTimeOffset now = time.GetLocalNow();
        macros.Set("d", string.Create(CultureInfo.InvariantCulture, $"{now:ddd MMM} {now.Day,2} {now:HH:mm:ss yyyy}"));
        return macros;
    }

    /// <summary>The From_ line, unless flag n says no; Return-Path with flag P (sendmail's <c>H?P?Return-Path: &lt;$g&gt;</c>).</summary>
    private string Head(MacroTable macros)
    {
        string from = mailer.Has('n') ? "" : OneLine(MacroTemplate.Expand(MacroTemplate.Read(settings.FromLine), macros)) + "\n";
        return mailer.Has('P') ? $"{from}Return-Path: <{OneLine(macros.Value("g") ?? "")}>\n" : from;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
