using System.Collections.Immutable;
using Postrider.Mail;

namespace Postrider.Mta.Dns;

/// <summary>Where mail for a destination goes: hosts in the order to try, or why there is none.</summary>
public sealed record MxResolution
{
    /// <summary>Empty exactly when <see cref="Failure"/> is given.</summary>
    public ImmutableArray<MailHost> Hosts { get; init; } = [];

    public MxFailure? Failure { get; init; }

    public ReasonChain Reasons { get; init; } = ReasonChain.None;
}
