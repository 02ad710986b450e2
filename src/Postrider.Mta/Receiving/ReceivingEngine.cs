using Postrider.Mta.Aliasing;
using Postrider.Mta.Dns;
using Postrider.Mta.Policy;
using Postrider.Mta.Routing;
using Postrider.Mta.Rules;
using Postrider.Queue;

namespace Postrider.Mta.Receiving;

/// <summary>Everything a session's handler works with, bound once. A reload binds a new one; sessions end under the one they began with.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class ReceivingEngine
{
    public required ReceivingSettings Settings { get; init; }

    public required PolicySettings Policy { get; init; }

    public RulesetTable Rulesets { get; init; } = NativeRulesets.Table;

    public required IRouter Router { get; init; }

    /// <summary>What aliases make of recipients; null: a site without aliases, every recipient stands for itself.</summary>
    public IRecipientExpander? Expander { get; init; }

    /// <summary>The site's own rules; null: everything is native.</summary>
    public SiteRules? Rules { get; init; }

    public required IQueueStore Queue { get; init; }

    /// <summary>Null: the DNS is not asked.</summary>
    public IDnsResolver? Dns { get; init; }

    public required TimeProvider Time { get; init; }

    public required IReceivingLog Log { get; init; }

    /// <summary>Null: sessions are not counted, and rules that ask for rates are told nothing.</summary>
    public ClientCounters? Counters { get; init; }

    /// <summary>ETRN: starts a queue run for what the filter names. Must not wait for its end. Null: there is no queue runner, and ETRN is refused.</summary>
    public Action<QueueFilter>? StartQueueRun { get; init; }
}
