namespace Postrider.Sendmail.Rewriting;

/// <summary>The macros that a ruleset sees: those of the cf file, and those that the session and the mail transaction set.</summary>
public interface IMacroSource
{
    /// <summary>
    /// The value of a macro, or null if it is not set. What comes from mail or network must not hold a <see cref="Metasymbol"/>; a value from a cf file
    /// may: it is a template (<see cref="MacroTemplate.Read"/>).
    /// </summary>
    /// <param name="name">One character, or the long name without braces; letters as written.</param>
    string? Value(string name);

    /// <summary>Sets a macro, as the map <c>macro</c> does; null unsets it. The text is plain: a dollar sign in it means nothing.</summary>
    void Set(string name, string? value);
}
