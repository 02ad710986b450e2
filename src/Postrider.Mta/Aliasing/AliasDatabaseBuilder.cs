using System.Globalization;
using System.Text;
using Postrider.Mta.Configuration;
using Postrider.Mta.Maps;
using Postrider.Sendmail.Maps;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Aliasing;

/// <summary>Makes the database of an alias file: <c>newaliases</c>. What it says, and its exit statuses, are those of sendmail 8.17 (oracle 85).</summary>
/// <param name="isLocal">Whether mail for a domain is ours: a name may be written with it.</param>
/// <param name="trust">Which directories may hold the database.</param>
/// <param name="groupMayWrite"><c>DontBlameSendmail=GroupWritableAliasFile</c>.</param>
public sealed class AliasDatabaseBuilder(Func<string, bool> isLocal, PathTrust trust, bool groupMayWrite = false)
{
    private const int Software = 70;
    private const long MaxOctets = 64 << 20;

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly List<string> order = [];
    private int longest;
    private int total;
    private int count;

    /// <summary>Rebuilds one database.</summary>
    /// <param name="type">Of the map: <c>hash</c>, <c>btree</c>, <c>implicit</c>…</param>
    /// <param name="file">The text, absolute.</param>
    /// <param name="tool">The name that begins the message about a text that cannot be read.</param>
    public AliasRebuilding Build(string type, string file, string tool)
    {
        if (Refusal(file) is { } refusal) return new AliasRebuilding([$"{tool}: cannot open {file}: {refusal}"], 0, IsRebuilt: false);
        MapFileStore store = new(type, file);
        if (!trust.UnsafeDirectories && trust.UnsafeDirectory(store.FileName) is { } warning)
            return new AliasRebuilding(["WARNING: " + warning, $"WARNING: cannot open alias database {file}", $"Cannot create database for alias file {file}"], Software, IsRebuilt: false);

        List<string> lines = [];
        int exit = 0;
        (longest, total, count) = (0, 0, 0);
        values.Clear();
        order.Clear();
        try
        {
            foreach (AliasEntry entry in AliasText.Parse(File.ReadAllText(file, Encoding.Latin1), (line, problem) => Wrong(line, problem)))
            {
                if (AliasName.Read(entry.Name, isLocal, out string? problem) is not { } name)
                {
                    Wrong(entry.Line, $"{entry.Name}... {problem}");
                    continue;
                }

                if (!Take(name, entry.Value)) lines.Add(At(entry.LastLine, $"{entry.Name}... Warning: duplicate alias name {name}"));
            }

            store.Replace(Entries());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new AliasRebuilding([.. lines, $"Cannot create database for alias file {file}: {e.Message}"], Software, IsRebuilt: false);
        }

        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{file}: {count} aliases, longest {longest} bytes, {total} bytes total"));
        return new AliasRebuilding(lines, exit, IsRebuilt: true);

        string At(int line, string text) => string.Create(CultureInfo.InvariantCulture, $"{file}: line {line}: {text}");

        void Wrong(int line, string problem)
        {
            exit = Software;
            lines.Add(At(line, problem));
        }
    }

    private string? Refusal(string file) => FileStatus.Of(file) switch
    {
        null => "No such file or directory",
        { IsRegular: false } => "Regular files only",
        { Size: > MaxOctets } => "File too large",
        { Mode: var mode } when mode.HasFlag(UnixFileMode.GroupWrite) && !groupMayWrite => "Group writable file",
        { Mode: var mode } when mode.HasFlag(UnixFileMode.OtherWrite) => "World writable file",
        _ => null,
    };

    /// <returns>False: the name was there; the new value counts.</returns>
    private bool Take(string name, string value)
    {
        count++;
        longest = Math.Max(longest, value.Length);
        total += name.Length + value.Length;
        bool isNew = values.TryAdd(name, value);
        if (isNew) order.Add(name);
        else values[name] = value;
        return isNew;
    }

    /// <summary>With the mark that says that the database is complete; all end in NUL, as sendmail's own.</summary>
    private IEnumerable<KeyValuePair<byte[], byte[]>> Entries() =>
        order.Select(name => KeyValuePair.Create(Ended(name), Ended(values[name]))).Append(KeyValuePair.Create(Ended("@"), Ended("@")));

    private static byte[] Ended(string text) => [.. Encoding.Latin1.GetBytes(text), 0];
}
