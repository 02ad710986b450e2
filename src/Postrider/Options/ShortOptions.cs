using Postrider.Mta.Hosting;
using Postrider.Sendmail.Cf;

namespace Postrider.Cli.Options;

/// <summary>The one-letter options of <c>-ox</c>, under the long names that sendmail.cf gives them.</summary>
internal static class ShortOptions
{
    public static SendmailOptions Apply(SendmailOptions options, string argument)
    {
        string value = argument[1..];
        switch (argument[0])
        {
            case 'i':
                return options with { IgnoreDots = IsTrue(value) };
            case 'v':
                return options with { IsVerbose = IsTrue(value) };
            case 'd':
                return DeliveryMode(options, value);
            case 'e':
                return options with { ErrorMode = value is "p" or "q" or "m" or "w" or "e" ? value[0] : options.ErrorMode };
            case 'm' or 'o' or 'f' or 'G' or 'g' or 'U' or 'a' or 'D' or 'S':
                return options; // me too, old-style headers, Unix From lines and files of old: nothing here answers to them
            case ' ':
                return options with { ConfigurationLines = options.ConfigurationLines.Add("O " + value) };
        }

        string name = CfOptionTable.Find(argument[0])?.Name ?? throw new UsageException($"readcf: unknown option name {argument[0]}", SysExit.Software);
        if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) throw new UsageException("a configuration option holds a line end");
        return options with { ConfigurationLines = options.ConfigurationLines.Add($"O {name}={value}") };
    }

    /// <summary>sendmail's booleans: empty, T, t, Y, y and 1 are true.</summary>
    public static bool IsTrue(string value) => value.Trim() is var text && (text.Length == 0 || text[0] is 'T' or 't' or 'Y' or 'y' or '1');

    /// <summary>Every message is committed first and tried at once after: i, b and q differ for the caller only in how long it waits, and it never waits for delivery here.</summary>
    public static SendmailOptions DeliveryMode(SendmailOptions options, string value) => value.Length > 0 && value[0] is 'i' or 'b' or 'q' or 'd'
        ? options
        : throw new UsageException($"Unknown delivery mode {value}");
}
