using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;
using Postrider.Smtp.Tls;

namespace Postrider.Mta.Configuration;

/// <summary>Reads the words of <c>F</c> lines, when a site is bound: from a file, from a program, from a map. Bounded in size and time; thread-safe.</summary>
/// <remarks>
/// sendmail 8.17, asked with each form: lines that begin with <c>#</c> are skipped, the format takes its part of every other, and each word of that joins the class; a map's value joins
/// with all its words; no macro is put in. <c>-o</c> forgives a file that cannot be opened for whatever reason, and a map without its file, but not a map of no known class.
/// Differs from sendmail: a program that cannot be started is an error (there its error message becomes a word of the class).
/// </remarks>
public static class ClassFileReader
{
    private const int SystemError = 71;
    private const int SoftwareError = 70;

    private static readonly SearchValues<char> EndOfLine = SearchValues.Create("\n");

    /// <summary>Reads one line's words. Waits for a program or a map on the calling thread, at most <see cref="ClassFileSettings.Patience"/>.</summary>
    public static ClassFileReading Read(CfClassFile line, ClassFileSettings settings) => line.Kind switch
    {
        ClassFileKind.File => OfFile(line, settings),
        ClassFileKind.Program => OfProgram(line, settings),
        _ => OfMap(line, settings),
    };

    private static ClassFileReading OfFile(CfClassFile line, ClassFileSettings settings)
    {
        string path = settings.BaseDirectory is { } directory ? Path.GetFullPath(line.Source, directory) : line.Source;
        string? refusal = path.Contains('\0', StringComparison.Ordinal) || !Path.IsPathRooted(path) ? "No such file or directory" : settings.Trust.Refusal(path);
        string text = "";
        UnixFileMode mode = 0;
        if (refusal is null)
        {
            try
            {
                using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

                // What was opened is what was judged, whatever happened to the name in between.
                if (FileStatus.Of(file.SafeFileHandle) is not { IsRegular: true } status) refusal = "Regular files only";
                else if (file.Length > settings.MaxOctets) return TooLong(line, settings);
                else (text, mode) = (Text(file, settings.MaxOctets), status.Mode);
            }
            catch (UnauthorizedAccessException)
            {
                refusal = "Permission denied";
            }
            catch (IOException e)
            {
                refusal = e is FileNotFoundException or DirectoryNotFoundException ? "No such file or directory" : e.Message;
            }
        }

        if (refusal is null) return Words(line, line.Format, text, settings).And(Writable(line, path, mode));
        if (line.Optional) return ClassFileReading.Nothing;
        return ClassFileReading.Failed($"fileclass: cannot open '{line.Source}': {refusal}", SystemError, Remedy(path, refusal));
    }

    /// <summary>sendmail takes it (asked); whoever may write it says what this host is called, or for whom it relays.</summary>
    private static ClassFileProblem? Writable(CfClassFile line, string path, UnixFileMode mode) =>
        mode.HasFlag(UnixFileMode.OtherWrite) ? new ClassFileProblem(Severity.Warning, $"class {line.Name}: the world may write {path}", 0, $"chmod o-w {path}") : null;

    private static string? Remedy(string path, string refusal) => refusal switch
    {
        "No such file or directory" => $"touch {path}",
        "Group writable directory" => $"chmod g-w {Path.GetDirectoryName(path)}, or O DontBlameSendmail=GroupWritableDirPathSafe",
        "World writable directory" => $"chmod o-w {Path.GetDirectoryName(path)}",
        _ => null,
    };

    private static ClassFileReading OfProgram(CfClassFile line, ClassFileSettings settings)
    {
        string[] vector = line.Source.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        ClassProgramOutput output = ClassProgram.Run(vector, settings);
        if (output.Problem is { } problem) return ClassFileReading.Failed($"fileclass: cannot open '|{vector[0]}': {problem}", SystemError);
        if (output.IsTooLong) return TooLong(line, settings);
        ClassFileReading reading = Words(line, ClassFileFormat.FirstWord, output.Text, settings);
        reading = reading.And(FileStatus.Of(vector[0]) is { } program ? Writable(line, vector[0], program.Mode) : null);
        if (output.ExitCode == 0) return reading;
        return reading.And(new ClassFileProblem(
            Severity.Warning, string.Create(CultureInfo.InvariantCulture, $"class {line.Name}: {vector[0]} ended with status {output.ExitCode}; its words are taken all the same, as sendmail does"), 0));
    }

    private static ClassFileReading OfMap(CfClassFile line, ClassFileSettings settings)
    {
        string open = $"fileclass: F{{{line.Name}}}: map open failed";
        IMap? map;
        try
        {
            map = settings.OpenMap(new CfMap(line.Line, line.Raw, line.Name, line.MapType, settings.Expand(line.Source)));
        }
        catch (FormatException e)
        {
            return ClassFileReading.Failed($"{e.Message}: {open}", SoftwareError);
        }

        if (map is null) return ClassFileReading.Failed($"fileclass: F{{{line.Name}}}: class {line.MapType} not available", SoftwareError);
        using CancellationTokenSource patience = new(settings.Patience);
        MapResult result;
        try
        {
            ValueTask<MapResult> asked = map.LookupAsync(line.Key, [line.Key], patience.Token);

            // The class must be known before the rules are compiled, and that waits for the site as a whole: this one thread waits, for a bounded time.
            result = asked.IsCompleted ? asked.Result : asked.AsTask().WaitAsync(settings.Patience).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            result = MapResult.TempFail("no answer in time");
        }

        return result.Status switch
        {
            MapStatus.Found => new ClassFileReading([.. Limited(CfValueWords(result.Value), settings)], []),
            MapStatus.NotFound => ClassFileReading.Nothing,
            _ => line.Optional ? ClassFileReading.Nothing : ClassFileReading.Failed($"{open}: {result.Reason}", SystemError),
        };
    }

    private static ClassFileReading Words(CfClassFile line, ClassFileFormat format, string text, ClassFileSettings settings)
    {
        ImmutableArray<string>.Builder words = ImmutableArray.CreateBuilder<string>();
        ImmutableArray<ClassFileProblem> problems = [];
        int number = 0;
        foreach (Range range in text.AsSpan().SplitAny(EndOfLine))
        {
            number++;
            string one = text[range];
            if (one.Length == 0 || one[0] == '#') continue;
            int end = one.IndexOf('\0', StringComparison.Ordinal); // there a text ends for sendmail
            if (format.Match(end < 0 ? one : one[..end]) is not { } taken) continue;
            foreach (string word in CfValueWords(taken))
            {
                if (word.Length > settings.MaxWord)
                {
                    problems = problems.Add(new ClassFileProblem(Severity.Warning, string.Create(CultureInfo.InvariantCulture, $"class {line.Name}: {line.Source}({number}): a word of {word.Length} octets is left out"), 0));
                    continue;
                }

                if (words.Count >= settings.MaxWords)
                    return ClassFileReading.Failed(string.Create(CultureInfo.InvariantCulture, $"fileclass: '{line.Source}' has more than {settings.MaxWords} words"), SoftwareError);
                words.Add(word);
            }
        }

        return new ClassFileReading(words.ToImmutable(), problems);
    }

    private static IEnumerable<string> Limited(IEnumerable<string> words, ClassFileSettings settings) => words.Where(word => word.Length <= settings.MaxWord).Take(settings.MaxWords);

    private static string[] CfValueWords(string text) => text.Split([' ', '\t', '\n', '\r', '\v', '\f'], StringSplitOptions.RemoveEmptyEntries);

    private static ClassFileReading TooLong(CfClassFile line, ClassFileSettings settings) =>
        ClassFileReading.Failed(string.Create(CultureInfo.InvariantCulture, $"fileclass: '{line.Source}' is longer than {settings.MaxOctets} octets"), SoftwareError);

    // A file that grows while it is read ends where the limit does.
    private static string Text(Stream stream, int limit)
    {
        using MemoryStream read = new();
        byte[] buffer = new byte[64 << 10];
        for (int octets; read.Length < limit && (octets = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, limit - read.Length))) > 0;) read.Write(buffer, 0, octets);
        return Encoding.Latin1.GetString(read.GetBuffer(), 0, (int)read.Length);
    }
}
