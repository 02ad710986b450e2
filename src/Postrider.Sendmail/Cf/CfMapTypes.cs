using System.Collections.Frozen;

namespace Postrider.Sendmail.Cf;

/// <summary>The map classes that a <c>K</c> line may name: those of sendmail 8.17 as Debian builds it, and those that other builds have.</summary>
/// <remarks>A class that cannot be served (<c>nis hesiod</c>...) is told apart when the map is made, and so is what a class asks of its arguments.</remarks>
public static class CfMapTypes
{
    /// <summary>All of them; letters compared without case.</summary>
    public static IReadOnlySet<string> Known { get; } = new[]
    {
        "hash", "btree", "dbm", "cdb", "text", "implicit", "stab", "host", "user", "userdb", "dns", "bestmx", "arpa", "ldap", "nis", "nisplus", "hesiod", "netinfo", "ph", "socket", "program", "syslog",
        "regex", "arith", "macro", "dequote", "sequence", "switch", "null",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that <c>AliasFile</c> may name. sendmail 8.17, asked.</summary>
    public static IReadOnlySet<string> HoldAliases { get; } =
        new[] { "hash", "btree", "dbm", "cdb", "text", "implicit", "stab", "ldap", "nis", "nisplus", "sequence", "switch", "null", "userdb" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
