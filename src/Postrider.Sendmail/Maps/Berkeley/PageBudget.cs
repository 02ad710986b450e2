namespace Postrider.Sendmail.Maps.Berkeley;

/// <summary>How many more pages one look-up, or one walk, may visit: what ends a chain of pages that leads back to itself.</summary>
internal sealed class PageBudget(long pages, string file)
{
    private long left = pages;

    public void Take()
    {
        if (--left < 0) { throw new MapFileException($"{file}: damaged: its pages lead in a circle"); }
    }
}
