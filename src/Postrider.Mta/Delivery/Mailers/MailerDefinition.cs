using System.Collections.Immutable;

namespace Postrider.Mta.Delivery.Mailers;

/// <summary>One mailer of the site: its <c>M</c> line, read. A mailer is data; the agent that <see cref="Kind"/> names is code. Immutable.</summary>
public sealed record MailerDefinition
{
    /// <summary>As written; compared ignoring case.</summary>
    public required string Name { get; init; }

    /// <summary><c>P=</c>: a program's file, or a word in brackets.</summary>
    public required string Path { get; init; }

    /// <summary><c>F=</c>.</summary>
    public string Flags { get; init; } = "";

    /// <summary><c>A=</c>: the argument vector from the program's own name on, macros not yet put in.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary><c>S=</c>, for the envelope sender; null: no ruleset.</summary>
    public string? SenderEnvelope { get; init; }

    /// <summary><c>S=</c>, for header senders; null: no ruleset.</summary>
    public string? SenderHeader { get; init; }

    /// <summary><c>R=</c>, for envelope recipients; null: no ruleset.</summary>
    public string? RecipientEnvelope { get; init; }

    /// <summary><c>R=</c>, for header recipients; null: no ruleset.</summary>
    public string? RecipientHeader { get; init; }

    /// <summary><c>E=</c>: what ends a line.</summary>
    public string EndOfLine { get; init; } = "\n";

    /// <summary><c>L=</c>: octets of a line without its end; a longer one is broken with <c>!</c> at its end and a blank before the rest. 0: as long as it is.</summary>
    public int LineLimit { get; init; }

    /// <summary><c>M=</c>: octets of a message. 0: any.</summary>
    public long MaxSize { get; init; }

    /// <summary><c>m=</c>: messages on one connection. 0: our own limit.</summary>
    public int MaxMessages { get; init; }

    /// <summary><c>r=</c>: recipients of one mail transaction, or of one start of a program. 100 as in sendmail.</summary>
    public int MaxRecipients { get; init; } = 100;

    /// <summary><c>U=</c>: <c>user</c> or <c>user:group</c>, names or numbers. Null: not given.</summary>
    public string? User { get; init; }

    /// <summary><c>D=</c>: directories separated by colons, the first that can be entered is the program's; <c>$z</c> is the home of the user it runs as. Null: <c>/</c>.</summary>
    public string? Directory { get; init; }

    /// <summary><c>C=</c>: the character set that 8-bit text without one is declared to be in.</summary>
    public string? Charset { get; init; }

    /// <summary><c>T=</c>: types of MTA name, address and diagnostic in notifications.</summary>
    public (string Mta, string Address, string Diagnostic) Types { get; init; } = ("DNS", "RFC822", "SMTP");

    /// <summary><c>Q=</c>.</summary>
    public string? QueueGroup { get; init; }

    /// <summary><c>N=</c>: added to the program's niceness.</summary>
    public int Nice { get; init; }

    /// <summary><c>W=</c>: how long a program may live. Null: <see cref="DefaultWait"/>.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary><c>/=</c>: the program's root directory. Null: the system's.</summary>
    public string? Root { get; init; }

    /// <summary>Ours: sendmail waits for ever. A program that hangs must not hold its message for ever.</summary>
    public static TimeSpan DefaultWait => TimeSpan.FromHours(1);

    public MailerKind Kind => Path switch
    {
        "[IPC]" or "[TCP]" => MailerKind.Smtp,
        "[FILE]" => MailerKind.File,
        "[MAILDIR]" => MailerKind.Maildir,
        _ => Name == "*include*" ? MailerKind.Include : MailerKind.Program,
    };

    /// <summary>Of an SMTP mailer: the port in <c>A=TCP $h port</c>, 25 where there is none. Null: A= is of another form.</summary>
    public int? Port => Arguments switch
    {
        ["TCP" or "IPC", _] => 25,
        ["TCP" or "IPC", _, var port] when int.TryParse(port, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) && number is > 0 and < 65536 => number,
        _ => null,
    };

    public bool Has(char flag) => Flags.Contains(flag, StringComparison.Ordinal);
}
