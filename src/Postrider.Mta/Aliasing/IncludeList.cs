namespace Postrider.Mta.Aliasing;

/// <summary>What an <c>:include:</c> file came to.</summary>
/// <param name="Members">In the order of the file, those of one line in reverse, as sendmail takes them.</param>
/// <param name="Owner">Uid of the file's owner: programs and files that it names are used in his name.</param>
/// <param name="Refusal">Why it may not be read, in sendmail's words (<c>Group writable file</c>); null: it was read.</param>
public sealed record IncludeList(IReadOnlyList<AliasMember> Members, uint Owner, string? Refusal)
{
    public static IncludeList Refused(string why) => new([], 0, why);
}
