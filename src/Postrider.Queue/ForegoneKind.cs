namespace Postrider.Queue;

public enum ForegoneKind
{
    /// <summary>Expanding it failed for good; the originator is told.</summary>
    Refused,

    /// <summary>An alias became several recipients, which stand beside it (RFC 3461 §5.2.7.3).</summary>
    Expanded,

    /// <summary>A list with an owner became several recipients; from there on the list is the originator (RFC 3461 §5.2.7.4).</summary>
    DeliveredToList,
}
