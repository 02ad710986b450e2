using System.Globalization;
using Postrider.Mail;
using Postrider.Mta.Hosting;
using Postrider.Queue;

namespace Postrider.Cli.Options;

/// <summary>getopt as sendmail runs it: letters joined or apart, arguments attached or following, <c>--</c> ends the flags (oracle 81, reference §10).</summary>
internal static class SendmailOptionParser
{
    /// <summary>Flags whose argument may stand in the next word.</summary>
    private const string WithArgument = "ABbCDeFfhLMNOoprRVX";

    /// <summary>Flags whose argument, if any, is attached.</summary>
    private const string WithAttachedArgument = "dqQ";

    /// <summary>Flags without argument. c, s, I, J, T are accepted for programs that still give them; they mean nothing any more.</summary>
    private const string Plain = "cGIiJmnstTv";

    /// <exception cref="UsageException">What sendmail answers with 64.</exception>
    public static SendmailOptions Parse(IReadOnlyList<string> arguments, OperationMode mode = OperationMode.Deliver)
    {
        SendmailOptions options = new() { Mode = mode };
        int at = 0;
        for (; at < arguments.Count; at++)
        {
            string word = arguments[at];
            if (word == "--")
            {
                at++;
                break;
            }

            if (word.Length < 2 || word[0] != '-') break;
            options = ParseWord(options, arguments, ref at);
        }

        return options with { Operands = [.. arguments.Skip(at)] };
    }

    private static SendmailOptions ParseWord(SendmailOptions options, IReadOnlyList<string> arguments, ref int at)
    {
        string word = arguments[at];
        for (int i = 1; i < word.Length; i++)
        {
            char flag = word[i];
            if (flag == '-') continue; // oracle 81: a dash among the flags is skipped
            if (Plain.Contains(flag, StringComparison.Ordinal))
            {
                options = ApplyPlain(options, flag);
                continue;
            }

            string rest = word[(i + 1)..];
            if (WithAttachedArgument.Contains(flag, StringComparison.Ordinal)) return ApplyAttached(options, flag, rest);
            if (!WithArgument.Contains(flag, StringComparison.Ordinal)) throw new UsageException($"sendmail: illegal option -- {flag}");
            if (rest.Length == 0)
            {
                if (at + 1 >= arguments.Count) throw new UsageException($"sendmail: option requires an argument -- {flag}");
                rest = arguments[++at];
            }

            return ApplyArgument(options, flag, rest);
        }

        return options;
    }

    private static SendmailOptions ApplyPlain(SendmailOptions options, char flag) => flag switch
    {
        'i' => options with { IgnoreDots = true },
        't' => options with { RecipientsFromHeader = true },
        'v' => options with { IsVerbose = true },
        'I' => options with { Mode = OperationMode.InitializeAliases },
        'n' => Unserved(options, "-n"),
        _ => options, // G: gateway submission and m: me too have nothing to change here; the rest is obsolete
    };

    private static SendmailOptions ApplyAttached(SendmailOptions options, char flag, string argument) => flag switch
    {
        'd' => options with { Debug = argument.Length == 0 ? "0-99.1" : argument },
        'q' => ApplyQueue(options, argument),
        _ => Unserved(options, "-Q" + argument),
    };

    private static SendmailOptions ApplyArgument(SendmailOptions options, char flag, string argument) => flag switch
    {
        'A' => argument is "m" or "c" ? options with { ConfigurationChoice = argument[0] } : throw new UsageException($"Invalid -A argument {argument}"),
        'B' => options with { Body = BodyOf(argument) },
        'b' => options with { Mode = ModeOf(argument) },
        'C' => options with { ConfigurationFile = argument },
        'e' => options with { ErrorMode = argument[0] is 'p' or 'q' or 'm' or 'w' or 'e' ? argument[0] : throw new UsageException($"Invalid error mode {argument}") },
        'F' => options with { FullName = argument },
        'f' or 'r' => options with { Sender = argument },
        'h' => options with { HopCount = int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int hops) ? hops : throw new UsageException($"Bad hop count ({argument})") },
        'L' => options with { LogTag = argument },
        'M' => options with { ConfigurationLines = options.ConfigurationLines.Add("D" + OneLine(argument)) },
        'N' => options with { Notify = NotifyOf(argument) },
        'O' => ApplyLongOption(options, argument),
        'o' => ShortOptions.Apply(options, argument),
        'R' => options with { Return = ReturnOf(argument) },
        'V' => options with { EnvelopeId = argument.Length <= 100 && argument.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 ? argument : throw new UsageException("Invalid syntax in -V flag") },
        'p' => options, // sets $r and $s, which a submission over the daemon's socket has of its own
        _ => Unserved(options, "-" + flag), // D, X: debug and traffic files
    };

    private static SendmailOptions ApplyLongOption(SendmailOptions options, string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string name = (equals < 0 ? argument : argument[..equals]).Trim();
        if (name.Equals("IgnoreDots", StringComparison.OrdinalIgnoreCase)) return options with { IgnoreDots = equals < 0 || ShortOptions.IsTrue(argument[(equals + 1)..]) };
        if (name.Equals("DeliveryMode", StringComparison.OrdinalIgnoreCase)) return ShortOptions.DeliveryMode(options, equals < 0 ? "" : argument[(equals + 1)..].Trim());
        return options with { ConfigurationLines = options.ConfigurationLines.Add("O " + OneLine(argument)) };
    }

    /// <summary>An argument must not bring a second configuration line with it.</summary>
    private static string OneLine(string text) =>
        text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 ? text : throw new UsageException("a configuration option holds a line end", SysExit.Usage);

    private static OperationMode ModeOf(string argument) => argument switch
    {
        "m" => OperationMode.Deliver,
        "s" or "a" => OperationMode.SmtpOnStandardInput,
        "d" => OperationMode.Daemon,
        "D" => OperationMode.ForegroundDaemon,
        "p" => OperationMode.ListQueue,
        "C" => OperationMode.CheckConfiguration,
        "i" => OperationMode.InitializeAliases,
        "t" => OperationMode.Test,
        "v" => OperationMode.Verify,
        "h" => OperationMode.HostStatus,
        "H" => OperationMode.PurgeHostStatus,
        "P" => OperationMode.QueueCounts,
        "z" => throw new UsageException("Frozen configurations unsupported"),
        _ => throw new UsageException($"Invalid operation mode {argument[0]}"),
    };

    private static BodyType BodyOf(string argument) => argument.ToUpperInvariant() switch
    {
        "7BIT" => BodyType.SevenBit,
        "8BITMIME" => BodyType.EightBitMime,
        _ => throw new UsageException($"Illegal body type {argument}"),
    };

    private static DsnReturn ReturnOf(string argument) => argument.ToUpperInvariant() switch
    {
        "FULL" => DsnReturn.Full,
        "HDRS" => DsnReturn.Headers,
        _ => throw new UsageException("Invalid -R value"),
    };

    private static DsnNotify NotifyOf(string argument)
    {
        DsnNotify notify = DsnNotify.Unspecified;
        foreach (string word in argument.Split(','))
        {
            notify |= word.Trim().ToUpperInvariant() switch
            {
                "NEVER" => DsnNotify.Never,
                "SUCCESS" => DsnNotify.Success,
                "FAILURE" => DsnNotify.Failure,
                "DELAY" => DsnNotify.Delay,
                _ => throw new UsageException("Invalid -N argument"),
            };
        }

        // RFC 3461 §4.1: NEVER stands alone.
        return (notify & DsnNotify.Never) != 0 && notify != DsnNotify.Never ? throw new UsageException("Invalid -N argument") : notify;
    }

    private static SendmailOptions ApplyQueue(SendmailOptions options, string argument)
    {
        QueueOption queue = options.Queue ?? new QueueOption(null, QueueFilter.Everything);
        if (argument.Length == 0 || argument is "f") return options with { Queue = queue }; // f: once, in the foreground
        return argument[0] switch
        {
            'I' => options with { Queue = queue with { Filter = queue.Filter with { IdContains = argument[1..] } } },
            'S' => options with { Queue = queue with { Filter = queue.Filter with { ReversePathContains = argument[1..] } } },
            'R' => options with { Queue = queue with { Filter = queue.Filter with { RecipientContains = argument[1..] } } },
            'p' => options with { Queue = queue with { Interval = Interval(argument[1..]) } },
            >= '0' and <= '9' => options with { Queue = queue with { Interval = Interval(argument) } },
            'G' or 'Q' or 'L' or '!' => Unserved(options with { Queue = queue }, "-q" + argument),
            _ => throw new UsageException($"Invalid argument {argument} to -q flag"),
        };
    }

    private static TimeSpan Interval(string text) => QueueOption.ParseInterval(text) ?? throw new UsageException($"Invalid time interval {text}");

    private static SendmailOptions Unserved(SendmailOptions options, string flag) => options with { Unserved = options.Unserved.Add(flag) };
}
