using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>The argument vector of one start of a program: A= with the values of macros put in, word by word. No shell sees it, so a value is always part of one word.</summary>
/// <remarks>
/// The word that names <c>$u</c> is repeated for each user. With flag f or r, <c>-f</c> or <c>-r</c> and the sender stand behind the program's name
/// (sendmail 8.17, oracle 14: <c>deliver -r a@example.net -d alice bob</c>).
/// Differs from sendmail: a word that would begin with a dash only because of a value is refused, so that an address cannot become an option.
/// </remarks>
public static class MailerCommand
{
    /// <summary>Octets of all words together; the kernel takes more.</summary>
    public const int MaxOctets = 65536;

    /// <summary>Macros other than <c>$u</c> and <c>$z</c> whose values an attempt has to bring.</summary>
    public static IEnumerable<string> MacrosOf(MailerDefinition mailer) => mailer.Arguments
        .SelectMany(static word => MacroTemplate.Names(MacroTemplate.Read(word)))
        .Concat(mailer.Has('f') || mailer.Has('r') ? ["g"] : [])
        .Where(static name => name is not ("u" or "z"))
        .Distinct(StringComparer.Ordinal);

    /// <param name="home"><c>$z</c>: home of the user it runs as.</param>
    /// <param name="fault">Why not, in words for the operator.</param>
    public static bool TryExpand(MailerDefinition mailer, MailerRun run, string home, out ImmutableArray<string> words, [NotNullWhen(false)] out string? fault)
    {
        MacroTable macros = Values(run, home);
        ImmutableArray<string>.Builder expanded = ImmutableArray.CreateBuilder<string>();
        string? found = mailer.Arguments.IsEmpty ? "A= says nothing" : null;
        foreach (string word in mailer.Arguments)
        {
            string template = MacroTemplate.Read(word);
            if (!MacroTemplate.Names(template).Contains("u", StringComparer.Ordinal)) Add(word, MacroTemplate.Expand(template, macros));
            else
            {
                foreach (string user in run.Users)
                {
                    macros.Set("u", user);
                    Add(word, MacroTemplate.Expand(template, macros));
                }
            }

            if (expanded.Count == 1 && (mailer.Has('f') || mailer.Has('r')))
            {
                expanded.Add(mailer.Has('f') ? "-f" : "-r");
                expanded.Add(macros.Value("g") ?? ""); // an option's value, whatever it begins with
            }
        }

        if (expanded.Any(static word => word.Contains('\0', StringComparison.Ordinal))) found ??= "a word holds NUL";
        if (expanded.Sum(static word => word.Length * 3L) > MaxOctets) found ??= "its words are too long";
        fault = found;
        words = expanded.ToImmutable();
        return fault is null;

        void Add(string word, string text)
        {
            if (text.StartsWith('-') && !word.StartsWith('-')) found ??= $"{word} would become an option";
            expanded.Add(text);
        }
    }

    /// <summary>D= in order, values put in.</summary>
    public static ImmutableArray<string> Directories(MailerDefinition mailer, MailerRun run, string home)
    {
        if (mailer.Directory is not { } directory) return ["/"];
        string text = MacroTemplate.Expand(MacroTemplate.Read(directory), Values(run, home));
        return [.. text.Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(static one => one.StartsWith('/')), "/"];
    }

    private static MacroTable Values(MailerRun run, string home)
    {
        MacroTable macros = new();
        foreach ((string name, string value) in run.Macros) macros.Set(name, value);
        macros.Set("z", home);
        return macros;
    }
}
