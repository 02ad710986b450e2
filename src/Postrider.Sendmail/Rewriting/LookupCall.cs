namespace Postrider.Sendmail.Rewriting;

/// <summary><c>$(map key $@arg $:default$)</c> or <c>$[host$:default$]</c> in tokens that are about to become the workspace.</summary>
/// <param name="Map">The map's name; <c>host</c> for the second form.</param>
/// <param name="IsHost">Whether it is the second form.</param>
/// <param name="Key">The key.</param>
/// <param name="Arguments">What follows each <c>$@</c>.</param>
/// <param name="Default">The tokens behind <c>$:</c>; null if there is no <c>$:</c>: then the key stays if the map knows nothing.</param>
/// <param name="End">The index behind the closing token.</param>
internal sealed record LookupCall(string Map, bool IsHost, IReadOnlyList<string> Key, IReadOnlyList<IReadOnlyList<string>> Arguments, IReadOnlyList<string>? Default, int End)
{
    /// <summary>Reads the call that begins at a token; null if none does.</summary>
    internal static LookupCall? Find(List<string> tokens, int at)
    {
        char begin = tokens[at][0];
        if (begin is not (Metasymbol.MapBegin or Metasymbol.HostBegin)) { return null; }
        bool host = begin == Metasymbol.HostBegin;
        char close = host ? Metasymbol.HostEnd : Metasymbol.MapEnd;
        int end = tokens.FindIndex(at + 1, token => token[0] == close);
        if (end < 0) { end = tokens.Count; }
        int from = host ? at + 1 : at + 2;
        string map = host || at + 1 >= end ? "host" : tokens[at + 1];

        List<string> key = [];
        List<IReadOnlyList<string>> arguments = [];
        List<string>? whenMissing = null;
        List<string> current = key;
        for (int i = from; i < end; i++)
        {
            switch (tokens[i])
            {
                case Metasymbol.Host: arguments.Add(current = []); break;
                case Metasymbol.User: whenMissing = current = []; break;
                default: current.Add(tokens[i]); break;
            }
        }
        return new LookupCall(map, host, key, arguments, whenMissing, Math.Min(end + 1, tokens.Count));
    }
}
