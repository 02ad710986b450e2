using Postrider.Mta.Dns;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary><c>host</c>: the canonical name of a host, also what <c>$[name$]</c> asks. Thread-safe; answers are kept only as long as the DNS allows.</summary>
internal sealed class HostMap(HostCanonifier canonifier, MapFlags flags) : IMap
{
    public async ValueTask<MapResult> LookupAsync(string key, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        DnsAnswer answer = await canonifier.CanonifyAsync(key, cancellationToken);
        return answer.Status switch
        {
            DnsStatus.Found => MapValue.Finish(flags, AnswerText.Clean(answer.CanonicalName!), key, arguments),
            DnsStatus.TemporaryFailure => MapResult.TempFail($"{key}: Name server timeout"),
            _ => MapResult.NotFound,
        };
    }
}
