namespace Postrider.Dialogues;

/// <summary>Each *.smtp file is one law, held three times: fed in groups, line by line, octet by octet.</summary>
public sealed class DialogueTests
{
    private static readonly string Root = Path.GetDirectoryName(typeof(DialogueTests).Assembly.Location)!;

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Root, "*.smtp", SearchOption.AllDirectories)
        .Select(path => Path.ChangeExtension(Path.GetRelativePath(Root, path), null)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_house_speaks_as_written(string file)
    {
        Dialogue dialogue = Dialogue.Load(file, await File.ReadAllTextAsync(Path.Combine(Root, file + ".smtp")));
        foreach (Feeding feeding in Enum.GetValues<Feeding>())
        {
            await using IDialogueSite site = DialogueSites.Open(dialogue.Site);
            await new DialogueRun(dialogue, feeding, site).PlayAsync();
        }
    }

    [Fact]
    public void There_are_dialogues_to_hold() => Assert.True(Files.Count > 100, $"only {Files.Count} dialogues were found under {Root}");
}
