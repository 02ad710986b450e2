using System.Runtime.CompilerServices;

namespace Postrider.Sendmail.Rewriting;

/// <summary>Where <c>$1</c> to <c>$9</c> begin and end in the workspace: (first, behind the last) nine times.</summary>
[InlineArray(2 * Count)]
internal struct MatchBindings
{
    internal const int Count = 9;

    private int _first;
}
