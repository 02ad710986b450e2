namespace Postrider.Queue.Journal;

/// <summary>Which segment holds an entry's current envelope, or its current state, and how many octets of it that is.</summary>
internal readonly record struct PartPlace(Segment? Segment, int Octets)
{
    public void Live() => Segment?.Live(Octets);

    public void Dead() => Segment?.Dead(Octets);
}
