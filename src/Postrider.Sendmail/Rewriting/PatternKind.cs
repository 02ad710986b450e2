namespace Postrider.Sendmail.Rewriting;

/// <summary>What one token of a pattern matches.</summary>
internal enum PatternKind
{
    Literal,    // itself, letters without case
    AnyOrNone,  // $*
    Any,        // $+
    One,        // $-
    Nothing,    // $@
    Class,      // $=x
    NotClass,   // $~x
    LateMacro,  // $&x
}
