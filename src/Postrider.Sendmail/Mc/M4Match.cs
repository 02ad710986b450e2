namespace Postrider.Sendmail.Mc;

/// <summary>Where a regular expression matched.</summary>
/// <param name="slots">Start and end of the whole, then of each group; -1 for a group that took no part.</param>
internal sealed class M4Match(int[] slots)
{
    internal int Start => slots[0];

    internal int End => slots[1];

    internal int GroupCount => slots.Length / 2 - 1;

    internal Range? Group(int number) => slots[2 * number] < 0 || slots[2 * number + 1] < 0 ? null : slots[2 * number]..slots[2 * number + 1];
}
