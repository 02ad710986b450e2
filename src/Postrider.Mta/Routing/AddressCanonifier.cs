using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace Postrider.Mta.Routing;

/// <summary>
/// Native canonify: resolves an address to {local part, domain}. Whatever this host would interpret on the way (source routes, <c>%</c>, <c>!</c>, quotes around
/// an address, its own names and literals) is interpreted here, once, so that relay control and routing cannot disagree about where a message goes.
/// </summary>
/// <remarks>
/// sendmail 8.17, oracle 05 and 10. Differs from sendmail: a list (<c>&lt;a&gt;,&lt;b&gt;</c>) and a domain that cannot be a host name are refused at once, because both
/// can only fail later. Immutable and thread-safe.
/// </remarks>
public sealed class AddressCanonifier(LocalNames local)
{
    /// <summary>Each round removes at least one routing character; an address of 256 octets in which that many are nested is an attack.</summary>
    private const int MaxRounds = 16;

    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+=");
    private static readonly SearchValues<char> Routing = SearchValues.Create("@%!");
    private static readonly SearchValues<char> LiteralCharacters = SearchValues.Create("0123456789abcdefABCDEFIPvipV.:-");
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    public LocalNames Local { get; } = local;

    /// <param name="text">The address without its outer angle brackets. Not null, not the null reverse-path.</param>
    public bool TryResolve(string text, [NotNullWhen(true)] out CanonicalAddress? address, [NotNullWhen(false)] out AddressFault? fault)
    {
        fault = null;
        int at = text.AsSpan().IndexOf('@');
        if (at > 0 && at < text.Length - 1 && text[at + 1] != '.' && text.AsSpan(0, at).IndexOfAnyExcept(Plain) < 0 && text.AsSpan(at + 1).IndexOfAnyExcept(HostCharacters) < 0)
        {
            return TryFinish(text[..at], text.AsSpan(at + 1), wasRerouted: false, out address, out fault);
        }

        address = null;
        if (!TryClean(text, out string clean, out fault)) return false;
        bool wasRerouted = false;
        for (int round = 0; round < MaxRounds; round++)
        {
            if (clean.StartsWith('@'))
            {
                // RFC 5321 §4.1.1.3 lets a server ignore a source route and take the address behind it; sendmail does (oracle 05).
                int colon = IndexOutsideQuotes(clean, ':');
                if (colon < 0 || colon == clean.Length - 1) return Fail(AddressFault.UserAddressRequired, out fault);
                clean = clean[(colon + 1)..];
                continue;
            }

            int mark = IndexOutsideQuotes(clean, '@');
            if (mark >= 0 && IndexOutsideQuotes(clean, '@', mark + 1) >= 0) return Fail(AddressFault.InvalidRouteAddress, out fault);
            string localPart = mark < 0 ? clean : clean[..mark];
            ReadOnlySpan<char> domain = mark < 0 ? [] : clean.AsSpan(mark + 1);
            if (domain.EndsWith('.')) domain = domain[..^1];
            if (mark >= 0 && domain.IsEmpty) return Fail(AddressFault.HostnameRequired, out fault);
            if (localPart.Length == 0) return Fail(AddressFault.UserAddressRequired, out fault);
            bool isLocal = mark < 0 || Local.Contains(domain);
            if (!isLocal || Next(localPart) is not { } next)
            {
                return TryFinish(isLocal ? Dequoted(localPart) : localPart, domain, wasRerouted, out address, out fault);
            }

            clean = next;
            wasRerouted = true;
        }

        return Fail(AddressFault.InvalidRouteAddress, out fault);
    }

    /// <summary>What a local part routes to when this host looks inside: <c>user%host</c>, <c>host!user</c>, <c>"user@host"</c>; null when it is a plain name.</summary>
    public static string? Next(string localPart)
    {
        if (localPart.StartsWith('"'))
        {
            string inside = Dequoted(localPart, force: true);
            return inside.AsSpan().IndexOfAny(Routing) >= 0 && !inside.StartsWith('|') && !inside.StartsWith('/') && !inside.StartsWith(':') ? inside : null;
        }

        if (localPart[0] is '|' or '/' or ':') return null;
        int bang = IndexOutsideQuotes(localPart, '!');
        if (bang > 0 && bang < localPart.Length - 1)
        {
            string host = localPart[..bang];
            return localPart[(bang + 1)..] + "@" + (host.Contains('.', StringComparison.Ordinal) ? host : host + ".UUCP");
        }

        int percent = LastIndexOutsideQuotes(localPart, '%');
        return percent > 0 && percent < localPart.Length - 1 ? string.Concat(localPart.AsSpan(0, percent), "@", localPart.AsSpan(percent + 1)) : null;
    }

    /// <summary>There is something in the local part that some mail host takes for a route, be it well-formed or not.</summary>
    public static bool MayRoute(string localPart) => localPart.AsSpan().IndexOfAny(Routing) >= 0;

    private bool TryFinish(
        string localPart,
        ReadOnlySpan<char> domain,
        bool wasRerouted,
        [NotNullWhen(true)] out CanonicalAddress? address,
        [NotNullWhen(false)] out AddressFault? fault)
    {
        address = null;
        fault = null;
        if (domain.EndsWith('.')) domain = domain[..^1];
        if (domain.StartsWith('['))
        {
            // "[1.2.3]" is kept: the DNS decides that it does not exist (oracle 05).
            if (!domain.EndsWith(']') || domain.Length > 64 || domain[1..^1].IndexOfAnyExcept(LiteralCharacters) >= 0)
                return Fail(AddressFault.InvalidHostname, out fault);
        }
        else if (domain.IndexOfAnyExcept(HostCharacters) >= 0 || domain.StartsWith('.') || domain.Contains("..", StringComparison.Ordinal) || domain.Length > 255)
        {
            return Fail(AddressFault.InvalidHostname, out fault);
        }

        string name = LowerOf(domain);
        address = new CanonicalAddress(localPart, name, name.Length == 0 || Local.Contains(name), wasRerouted);
        return true;
    }

    private static string LowerOf(ReadOnlySpan<char> domain)
    {
        if (domain.StartsWith('[') && LocalNames.TryParseLiteral(domain, out IPAddress? address)) return LocalNames.LiteralOf(address!);
        Span<char> lower = domain.Length <= 256 ? stackalloc char[domain.Length] : new char[domain.Length];
        domain.ToLowerInvariant(lower);
        return lower.ToString();
    }

    /// <summary>Comments go, nested angle brackets are opened, blanks between atoms become the dot that sendmail's BlankSub writes.</summary>
    private static bool TryClean(string text, out string clean, [NotNullWhen(false)] out AddressFault? fault)
    {
        StringBuilder kept = new(text.Length);
        int comment = 0;
        int angle = 0;
        bool quoted = false;
        bool blank = false;
        clean = "";
        fault = null;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '\r' or '\n' or '\0') return Fail(AddressFault.InvalidAddress, out fault);
            if (c == '\\' && i + 1 < text.Length)
            {
                if (comment == 0 && quoted) kept.Append(c).Append(text[i + 1]);
                else if (comment == 0) kept.Append(text[i + 1]);
                i++;
                continue;
            }

            if (quoted)
            {
                kept.Append(c);
                quoted = c != '"';
                continue;
            }

            switch (c)
            {
                case '(':
                    comment++;
                    continue;
                case ')' when comment > 0:
                    comment--;
                    continue;
                case var _ when comment > 0:
                    continue;
                case '<':
                    angle++;
                    kept.Clear();
                    continue;
                case '>':
                    if (--angle < 0) return Fail(AddressFault.UnbalancedAngle, out fault);
                    continue;
                case ' ' or '\t':
                    blank = kept.Length > 0;
                    continue;
                case ',' when kept.Length == 0 || kept[0] != '@':
                    return Fail(AddressFault.InvalidAddress, out fault);
                default:
                    break;
            }

            if (blank && IsAtom(c) && IsAtom(kept[^1])) kept.Append('.');
            blank = false;
            quoted = c == '"';
            kept.Append(c);
        }

        if (quoted) return Fail(AddressFault.UnbalancedQuote, out fault);
        if (comment > 0) return Fail(AddressFault.UnbalancedComment, out fault);
        if (angle != 0) return Fail(AddressFault.UnbalancedAngle, out fault);
        if (kept.Length == 0) return Fail(AddressFault.UserAddressRequired, out fault);
        clean = kept.ToString();
        return true;
    }

    private static bool IsAtom(char c) => c is not ('@' or '%' or '!' or '.' or ':' or ',' or '[' or ']' or '"');

    /// <summary>The content of a local part that is one quoted string; unchanged when it is not, or when only the quotes keep it one word.</summary>
    internal static string Dequoted(string localPart, bool force = false)
    {
        if (localPart.Length < 2 || localPart[0] != '"' || localPart[^1] != '"') return localPart;
        StringBuilder inside = new(localPart.Length);
        for (int i = 1; i < localPart.Length - 1; i++)
        {
            char c = localPart[i];
            if (c == '"') return localPart;
            if (c == '\\' && i + 1 < localPart.Length - 1) c = localPart[++i];
            inside.Append(c);
        }

        if (inside.Length == 0) return localPart;
        string content = inside.ToString();
        return force || content.AsSpan().IndexOfAnyExcept(Plain) < 0 ? content : localPart;
    }

    private static int IndexOutsideQuotes(string text, char mark, int from = 0)
    {
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '\\') i++;
            else if (c == '"') quoted = !quoted;
            else if (c == mark && !quoted && i >= from) return i;
        }

        return -1;
    }

    private static int LastIndexOutsideQuotes(string text, char mark)
    {
        int last = -1;
        for (int next = IndexOutsideQuotes(text, mark); next >= 0; next = IndexOutsideQuotes(text, mark, next + 1)) last = next;
        return last;
    }

    private static bool Fail(AddressFault reason, out AddressFault fault)
    {
        fault = reason;
        return false;
    }
}
