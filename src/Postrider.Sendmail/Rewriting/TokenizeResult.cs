namespace Postrider.Sendmail.Rewriting;

/// <summary>What the tokenizer read.</summary>
/// <param name="Tokens">The tokens; empty if there is nothing but blanks and comments.</param>
/// <param name="Problems">What is wrong with the text, as sendmail words it; mostly empty. An unbalanced text is nevertheless balanced in <paramref name="Tokens"/>.</param>
/// <param name="End">Where reading ended: the index of the delimiter, or the length of the text.</param>
public sealed record TokenizeResult(List<string> Tokens, IReadOnlyList<string> Problems, int End);
