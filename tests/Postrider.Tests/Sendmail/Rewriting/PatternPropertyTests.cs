namespace Postrider.Tests.Sendmail.Rewriting;

/// <summary>Generated patterns against a model that simply tries every way to cut a workspace into pieces, the shortest first.</summary>
public sealed class PatternPropertyTests
{
    private static readonly string[] Words = ["a", "b", "c", ".", "@"];
    private static readonly HashSet<string> Class = new(StringComparer.OrdinalIgnoreCase) { "a", "b.c", "a@b.c" };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Matching_agrees_with_the_naive_model(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 1000; i++)
        {
            string[] pattern = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.Next(3) == 0 ? Words[random.Next(Words.Length)] : new[] { "$*", "$+", "$-", "$=w", "$~w", "$@" }[random.Next(6)])];
            int positions = pattern.Count(static token => token[0] == '$' && token != "$@");
            string right = "$@ yes" + string.Concat(Enumerable.Range(1, positions).Select(static n => $" [ ${n} ]"));
            var site = new RewritingSite(RewritingSite.Head + $"Cwa b.c a@b.c\nSA\nR{string.Join(' ', pattern)}\t{right}\n");
            for (int j = 0; j < 8; j++)
            {
                string[] workspace = [.. Enumerable.Range(0, random.Next(9)).Select(_ => Words[random.Next(Words.Length)])];
                string address = string.Join(' ', workspace);
                string expected = Model(pattern, workspace, 0, 0) is { } pieces ? "yes" + string.Concat(pieces.Select(static piece => piece.Length == 0 ? " [ ]" : $" [ {string.Join(' ', piece)} ]")) : address;
                string actual = workspace.Length == 0 ? await site.Run("A", " ") : await site.Run("A", address);
                Assert.True(expected == actual, $"seed {seed}: R{string.Join(' ', pattern)} on \"{address}\": the model says \"{expected}\", the engine \"{actual}\"");
            }
        }
    }

    // The pieces that the operators take, or null.
    private static List<string[]>? Model(string[] pattern, string[] workspace, int token, int at)
    {
        if (token == pattern.Length) { return at == workspace.Length ? [] : null; }
        string wanted = pattern[token];
        if (wanted == "$@") { return Model(pattern, workspace, token + 1, at); }
        (int least, int most) = wanted switch { "$*" => (0, workspace.Length), "$+" or "$=w" => (1, workspace.Length), _ => (1, 1) };
        for (int length = least; length <= most && at + length <= workspace.Length; length++)
        {
            string[] piece = workspace[at..(at + length)];
            bool fits = wanted switch
            {
                "$*" or "$+" or "$-" => true,
                "$=w" => Class.Contains(string.Concat(piece)),
                "$~w" => !Class.Contains(piece[0]),
                _ => piece[0] == wanted,
            };
            if (!fits || Model(pattern, workspace, token + 1, at + length) is not { } rest) { continue; }
            return wanted[0] == '$' ? [piece, .. rest] : rest;
        }
        return null;
    }

    [Fact]
    public async Task A_pattern_made_to_take_for_ever_is_done_within_a_bound()
    {
        string pattern = string.Concat(Enumerable.Repeat("$* a ", 7)) + "$* $=w b";
        var site = new RewritingSite(RewritingSite.Head + $"Cwa\nSA\nR{pattern}\t$@ yes\n");
        string address = string.Join(' ', Enumerable.Repeat("a", 600));
        // Without memory this is 600 to the power of 7 steps: the test would not end.
        Assert.Equal(address, await site.Run("A", address));
        Assert.Equal("yes", await site.Run("A", address + " b"));
    }
}
