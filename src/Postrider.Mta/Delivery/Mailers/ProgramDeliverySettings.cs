using Postrider.Mail;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>What a program mailer needs to know.</summary>
public sealed record ProgramDeliverySettings
{
    public required MailerDefinition Mailer { get; init; }

    /// <summary>UnixFromLine, macros not yet put in.</summary>
    public string FromLine { get; init; } = "From $g $d";

    /// <summary>Where messages wait in files without names while a program reads them.</summary>
    public required string SpoolDirectory { get; init; }

    /// <summary>The login name behind a sender that is local; null for any other.</summary>
    public Func<ReversePath, CancellationToken, ValueTask<string?>> LocalSender { get; init; } = static (_, _) => new((string?)null);

    /// <summary>Macros of the site.</summary>
    public IMacroSource Macros { get; init; } = new MacroTable();
}
