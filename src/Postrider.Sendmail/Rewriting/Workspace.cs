namespace Postrider.Sendmail.Rewriting;

/// <summary>What a ruleset works on: a list of tokens. Not thread-safe.</summary>
public sealed class Workspace
{
    /// <summary>An empty workspace.</summary>
    public Workspace() => List = [];

    /// <summary>A workspace with these tokens.</summary>
    public Workspace(IEnumerable<string> tokens) => List = [.. tokens];

    /// <summary>The tokens. Metasymbols are those of <see cref="Metasymbol"/>.</summary>
    public IReadOnlyList<string> Tokens => List;

    /// <summary>True if the first token is <c>$#</c>: the ruleset named a mailer, or refused (<c>$#error</c>).</summary>
    public bool NamesMailer => List.Count > 0 && List[0] == Metasymbol.Mailer;

    internal List<string> List { get; private set; }

    /// <summary>Puts other tokens in place of all.</summary>
    public void Replace(IEnumerable<string> tokens) => List = [.. tokens];

    /// <summary>A workspace of several arguments, <c>$|</c> between them: as check_relay and check_compat are called.</summary>
    public static Workspace Of(Tokenizer tokenizer, params IEnumerable<string> arguments)
    {
        var workspace = new Workspace();
        bool first = true;
        foreach (string argument in arguments)
        {
            if (!first) { workspace.List.Add(Metasymbol.Separator); }
            first = false;
            workspace.List.AddRange(tokenizer.Tokenize(argument, keepComments: true).Tokens);
        }
        return workspace;
    }

    /// <summary>The tokens as the address test mode prints them: one blank before each.</summary>
    public override string ToString() => string.Concat(List.Select(static token => " " + Metasymbol.Printable(token)));

    /// <summary>Exchanges the tokens with a list that was built beside them, so that neither is allocated again.</summary>
    internal void Swap(ref List<string> other) => (List, other) = (other, List);
}
