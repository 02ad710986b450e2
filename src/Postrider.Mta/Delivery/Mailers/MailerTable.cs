using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>The mailers of a site by name, and what all programs among them share. Immutable; thread-safe.</summary>
public sealed class MailerTable
{
    private readonly FrozenDictionary<string, MailerDefinition> byName;

    public MailerTable(ImmutableArray<MailerDefinition> mailers)
    {
        All = mailers;
        byName = mailers.ToFrozenDictionary(static mailer => mailer.Name, StringComparer.OrdinalIgnoreCase);
    }

    public static MailerTable Empty { get; } = new([]);

    /// <summary>In the order of the file, sendmail's own (<c>prog</c>, <c>*file*</c>, <c>*include*</c>) first.</summary>
    public ImmutableArray<MailerDefinition> All { get; }

    /// <summary>DefaultUser as <c>user</c> or <c>user:group</c>, names or numbers. Null: mailnull, sendmail or daemon, the first that there is, else 1:1.</summary>
    public string? DefaultUser { get; init; }

    /// <summary>What programs find in their environment: <c>NAME=value</c>. sendmail gives AGENT, and what E lines add.</summary>
    public ImmutableArray<string> Environment { get; init; } = ["AGENT=sendmail"];

    /// <summary>SafeFileEnvironment: files are written below this directory only. Null: anywhere.</summary>
    public string? SafeFileEnvironment { get; init; }

    /// <summary>UnixFromLine, macros not yet put in.</summary>
    public string FromLine { get; init; } = "From $g $d";

    public bool TryFind(string name, [NotNullWhen(true)] out MailerDefinition? mailer) => byName.TryGetValue(name, out mailer);
}
