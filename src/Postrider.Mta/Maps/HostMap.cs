using System.Collections.Concurrent;
using Postrider.Mta.Dns;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>host</c>: the canonical name of a host, also what <c>$[name$]</c> asks. Thread-safe; answers are kept only as long as the DNS allows.</summary>
/// <remarks>
/// That there was no answer is kept for <see cref="KeptFor"/>: rules ask for the same name again and again, and each time would cost the patience of the resolver. RFC 2308 §7
/// allows five minutes; a process of sendmail keeps it until it ends (measured).
/// </remarks>
internal sealed class HostMap(HostCanonifier canonifier, MapFlags flags, TimeProvider time) : IMap
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    private const int MaxKept = 1024;

    private readonly ConcurrentDictionary<string, long> unanswered = new(StringComparer.OrdinalIgnoreCase);

    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (unanswered.TryGetValue(key, out long at))
        {
            if (time.GetElapsedTime(at) < KeptFor) return TempFail(key);
            unanswered.TryRemove(key, out _);
        }

        DnsAnswer answer = await canonifier.CanonifyAsync(key, cancellationToken);
        if (answer.Status == DnsStatus.Found) return MapValue.Finish(flags, AnswerText.Clean(answer.CanonicalName!), key, arguments);
        if (answer.Status != DnsStatus.TemporaryFailure) return MapResult.NotFound;
        if (unanswered.Count >= MaxKept) unanswered.Clear();
        unanswered[key] = time.GetTimestamp();
        return TempFail(key);
    }

    private static MapResult TempFail(string key) => MapResult.TempFail($"{key}: Name server timeout");
}
