namespace Postrider.Sendmail.Mc;

/// <summary>Where <c>include</c>, <c>sinclude</c> and <c>undivert</c> find their files.</summary>
public interface IM4Files
{
    /// <summary>The file's text, or null if there is no such readable file. Must not throw for an absent or unreadable file.</summary>
    M4Source? Open(string name);
}
