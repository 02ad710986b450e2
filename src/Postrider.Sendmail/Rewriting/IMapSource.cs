namespace Postrider.Sendmail.Rewriting;

/// <summary>The maps that <c>$(name key $)</c> and <c>$[host$]</c> (map <c>host</c>) can ask. Asked from many sessions at once.</summary>
public interface IMapSource
{
    /// <summary>The map of this name, letters compared without case, or null.</summary>
    NamedMap? Find(string name);
}
