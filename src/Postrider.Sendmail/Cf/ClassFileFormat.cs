using System.Text;

namespace Postrider.Sendmail.Cf;

/// <summary>The format behind a class file's name: what is taken of each line, in the language of <c>scanf</c>. Immutable.</summary>
/// <remarks>
/// Read are blanks, literal characters, <c>%%</c>, and <c>%s %c %[...]</c> with a width or an asterisk; one of them without asterisk is the answer. sendmail 8.17 gives any
/// other conversion to the C library, which writes a number where a text is wanted (<c>%d</c>), or dies (<c>%s%s</c>): those are refused here.
/// </remarks>
public sealed class ClassFileFormat
{
    private readonly List<Step> _steps;

    private ClassFileFormat(string text, List<Step> steps)
    {
        Text = text;
        _steps = steps;
    }

    /// <summary><c>%s</c>, the format of a line that gives none.</summary>
    public static ClassFileFormat FirstWord { get; } = Parse("%s", out _)!;

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>True if some line can give words.</summary>
    public bool Takes => _steps.Exists(static step => step.IsAnswer);

    /// <summary>Reads a format; null if it asks for what cannot be served, with the reason.</summary>
    public static ClassFileFormat? Parse(string text, out string? problem)
    {
        var steps = new List<Step>();
        problem = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%') { steps.Add(IsBlank(text[i]) ? Step.Blanks : Step.Literal(text[i])); continue; }
            int from = i++;
            bool isSkipped = i < text.Length && text[i] == '*';
            if (isSkipped) { i++; }
            int width = 0;
            while (i < text.Length && char.IsAsciiDigit(text[i]) && width < 100000) { width = width * 10 + text[i++] - '0'; }
            while (i < text.Length && text[i] is 'l' or 'h') { i++; }
            Step? step = i >= text.Length ? null : text[i] switch
            {
                '%' => Step.Percent,
                's' => new Step(StepKind.Word, isSkipped, width == 0 ? int.MaxValue : width),
                'c' => new Step(StepKind.Characters, isSkipped, Math.Max(width, 1)),
                '[' => Set(text, ref i, isSkipped, width == 0 ? int.MaxValue : width),
                _ => null,
            };
            if (step is null)
            {
                problem = $"format `{text}': `{text[from..Math.Min(i + 1, text.Length)]}' is not read, only %s, %c and %[...]";
                return null;
            }
            if (step.IsAnswer && steps.Exists(static earlier => earlier.IsAnswer))
            {
                problem = $"format `{text}': one conversion gives the words, the others want an asterisk";
                return null;
            }
            steps.Add(step);
        }
        return new ClassFileFormat(text, steps);
    }

    /// <summary>What the format takes of a line, blanks inside it included; null if the line does not fit.</summary>
    public string? Match(string line)
    {
        int at = 0;
        foreach (Step step in _steps)
        {
            if (step.Kind is StepKind.Blanks or StepKind.Word or StepKind.Percent) { while (at < line.Length && IsBlank(line[at])) { at++; } }
            int from = at;
            switch (step.Kind)
            {
                case StepKind.Blanks:
                    continue;
                case StepKind.Literal or StepKind.Percent:
                    if (at >= line.Length || line[at++] != step.Character) { return null; }
                    continue;
                default:
                    while (at < line.Length && at - from < step.Width && step.Takes(line[at])) { at++; }
                    break;
            }
            if (at == from) { return null; }
            if (step.IsAnswer) { return line[from..at]; } // sendmail 8.17: what the rest of the format makes of the line does not matter
        }
        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool IsBlank(char c) => Array.IndexOf(CfText.Blanks, c) >= 0;

    // A closing bracket at the beginning is a member; a range is c-d.
    private static Step? Set(string text, ref int i, bool isSkipped, int width)
    {
        bool isNegated = i + 1 < text.Length && text[i + 1] == '^';
        int first = isNegated ? i + 2 : i + 1;
        int close = first + 1 < text.Length ? text.IndexOf(']', first + 1) : -1;
        if (close < 0) { return null; }
        i = first;
        var members = new StringBuilder();
        for (; i < close; i++)
        {
            if (i + 2 >= close || text[i + 1] != '-') { members.Append(text[i]); continue; }
            for (int c = text[i]; c <= text[i + 2]; c++) { members.Append((char)c); }
            i += 2;
        }
        return new Step(StepKind.Set, isSkipped, width) { Members = members.ToString(), IsNegated = isNegated };
    }

    private enum StepKind
    {
        Blanks,
        Literal,
        Percent,
        Word,
        Characters,
        Set,
    }

    private sealed record Step(StepKind Kind, bool IsSkipped = true, int Width = 0)
    {
        internal static Step Blanks { get; } = new(StepKind.Blanks);

        internal static Step Percent { get; } = new(StepKind.Percent) { Character = '%' };

        internal char Character { get; init; }

        internal string Members { get; init; } = "";

        internal bool IsNegated { get; init; }

        internal bool IsAnswer => !IsSkipped;

        internal static Step Literal(char c) => new(StepKind.Literal) { Character = c };

        internal bool Takes(char c) => Kind switch
        {
            StepKind.Word => !IsBlank(c),
            StepKind.Set => Members.Contains(c, StringComparison.Ordinal) != IsNegated,
            _ => true,
        };
    }
}
