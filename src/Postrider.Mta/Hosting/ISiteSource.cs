namespace Postrider.Mta.Hosting;

/// <summary>Where a configuration comes from: read at start and again at each reload.</summary>
public interface ISiteSource
{
    /// <summary>For messages: the file's name.</summary>
    string Name { get; }

    SiteReading Read();
}
