using System.Diagnostics.CodeAnalysis;
using Postrider.Mail;

namespace Postrider.Mta.Routing;

/// <summary>Where one recipient goes, or why nowhere; with the chain of what decided.</summary>
public sealed record RouteVerdict
{
    private RouteVerdict(MailerTriple? triple, int code, EnhancedStatusCode status, string text, ReasonChain reasons)
    {
        Triple = triple;
        Code = code;
        Status = status;
        Text = text;
        Reasons = reasons;
    }

    /// <summary>Null: there is no way, and the rest says why.</summary>
    public MailerTriple? Triple { get; }

    [MemberNotNullWhen(true, nameof(Triple))]
    public bool IsRouted => Triple is not null;

    /// <summary>SMTP reply code of a refusal; 250 otherwise.</summary>
    public int Code { get; }

    public EnhancedStatusCode Status { get; }

    /// <summary>What stands after <c>&lt;address&gt;... </c> in the reply, and in the DSN.</summary>
    public string Text { get; }

    public ReasonChain Reasons { get; }

    public static RouteVerdict To(MailerTriple triple, ReasonChain reasons) => new(triple, 250, new EnhancedStatusCode(2, 1, 5), "", reasons);

    /// <summary>451 4.3.0, never "User unknown".</summary>
    public static RouteVerdict Unavailable(MapUnavailableException trouble) =>
        Refused(451, new EnhancedStatusCode(4, 3, 0), "Temporary system failure. Please try again later.", ReasonChain.Of(ReasonKind.Map, trouble.Message));

    public static RouteVerdict Refused(int code, EnhancedStatusCode status, string text, ReasonChain reasons) => new(null, code, status, text, reasons);
}
