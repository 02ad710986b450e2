namespace Postrider.Sendmail.Mc;

/// <summary>Instructions of a compiled regular expression.</summary>
internal enum M4RegexKind
{
    Accept,
    Split,
    Jump,
    Save,
    Character,
    Any,
    Set,
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    WordEdge,
    NotWordEdge,
    WordStart,
    WordEnd,
    BackReference,
}
