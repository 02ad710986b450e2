namespace Postrider.Sendmail.Rewriting;

/// <summary>The classes that <c>$=x</c> and <c>$~x</c> ask. Asked from many sessions at once.</summary>
public interface IClassSource
{
    /// <summary>Whether a word belongs to a class, letters compared without case. Called in the innermost loop: must not allocate.</summary>
    /// <param name="name">One character, or the long name without braces; letters as written.</param>
    /// <param name="word">The word: several tokens are joined without blanks.</param>
    bool Contains(string name, ReadOnlySpan<char> word);

    /// <summary>How long the longest word of the class is: no longer phrase need be tried. 0 for a class that is empty or not known.</summary>
    int LongestWord(string name);

    /// <summary>Every word of a class, in no order.</summary>
    IEnumerable<string> Words(string name);
}
