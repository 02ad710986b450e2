using System.Net;
using Postrider.Mta.Routing;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Rewriting;

namespace Postrider.Mta.Configuration;

/// <summary>The rules of a cf compiled, with the macros and classes that sendmail sets before it reads the file (reference §3).</summary>
internal static class RulesBinder
{
    public static RulesConfiguration Bind(SiteDraft draft, Func<CfClassFile, IEnumerable<string>> readClassFile)
    {
        BindingHost host = draft.Host;
        MacroTable macros = new();
        string[] labels = host.HostName.Split('.', 2);
        foreach ((string name, string? value) in (ReadOnlySpan<(string, string?)>)
            [
                ("j", host.HostName), ("w", labels[0]), ("m", labels.Length > 1 ? labels[1] : null), ("k", labels[0]), ("n", "MAILER-DAEMON"), ("v", ProductVersion.Text),
                ("Z", ProductVersion.Text), ("opMode", "d"), ("deliveryMode", "b"), // FEATURE(redirect) asks while the file is read
            ])
        {
            if (value is not null) macros.Set(name, value);
        }

        ClassTable classes = new();
        classes.Add("w", "localhost");
        classes.Add("k", labels[0]);
        if (labels.Length > 1) classes.Add("m", labels[1]);
        if (draft.IsClassic)
        {
            // In a file of our own it is confDOMAIN_NAME and LOCAL_DOMAIN that say what is local, and nothing else.
            classes.Add("w", labels[0]);
            classes.Add("w", host.HostName);
            foreach (IPAddress address in host.Addresses) classes.Add("w", LocalNames.LiteralOf(address));
        }

        classes.Add("t", "root");
        RulesetProgram program = RuleCompiler.Compile(draft.Document, macros, classes, readClassFile);
        draft.Add(program.Diagnostics);

        // sendmail: $j is expanded once the file is read, and is one of our names.
        if (macros.Expanded("j") is { Length: > 0 } official)
        {
            macros.Set("j", official);
            classes.Add("w", official);
        }

        return new RulesConfiguration(draft.Document, program, macros, classes);
    }
}
