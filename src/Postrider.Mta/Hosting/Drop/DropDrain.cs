using System.Buffers;
using System.Globalization;
using Postrider.Mta.Hosting.Posix;
using Postrider.Smtp.Server;

namespace Postrider.Mta.Hosting.Drop;

/// <summary>Turns what local users left in the drop directory into mail: checked file by file, taken whole or set aside, never followed anywhere.</summary>
/// <remarks>
/// After a crash between the commit and the removal of the file the message is taken twice; that is the one question that may stay open, as with any
/// delivery in flight. One caller at a time.
/// </remarks>
/// <param name="receive">Puts the message into the queue.</param>
/// <param name="log">One line for the operator.</param>
public sealed class DropDrain(DropSettings settings, Func<DropSubmission, CancellationToken, ValueTask<DropVerdict>> receive, Action<string> log, TimeProvider time)
{
    private const int NameLength = 27;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");

    /// <summary>What cannot be set aside (a directory of somebody else's) is said once, not at every pass.</summary>
    private readonly HashSet<string> stuck = new(StringComparer.Ordinal);

    /// <summary>Makes the directories, owned by this process's user; called before privileges are given up, with the user they will be given up to.</summary>
    /// <exception cref="IOException">They cannot be made; the message says why.</exception>
    public static void Prepare(DropSettings settings, SystemUser owner, uint group)
    {
        const UnixFileMode dropMode = UnixFileMode.SetGroup | UnixFileMode.StickyBit | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        OwnedDirectory.Ensure(settings.Directory, owner, group, dropMode);
        OwnedDirectory.Ensure(settings.AsideDirectory, owner, group, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>One pass over the directory. Returns how many messages were taken.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        int taken = 0;
        Dictionary<uint, (int Messages, long Octets)> usage = [];
        List<string> paths = [.. Directory.EnumerateFileSystemEntries(settings.Directory).Order(StringComparer.Ordinal)];
        stuck.IntersectWith(paths);
        foreach (string path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string name = Path.GetFileName(path);
            if (name.StartsWith('t') && IsOurs(name)) RemoveWhenOld(path);
            else if (!IsOurs(name)) SetAside(path, "a name postrider does not give");
            else if (await TryTakeAsync(path, name, usage, cancellationToken)) taken++;
        }

        return taken;
    }

    private static bool IsOurs(string name) => name.Length == NameLength && name[0] is 'm' or 't' && name.AsSpan(1).IndexOfAnyExcept(NameCharacters) < 0;

    /// <summary>One file never costs the others their turn, whatever is wrong with it.</summary>
    private async Task<bool> TryTakeAsync(string path, string name, Dictionary<uint, (int Messages, long Octets)> usage, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeAsync(path, name, usage, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log($"drop: {Printable(path)}: {e.GetType().Name}: {e.Message}; tried again later");
            return false;
        }
    }

    private async Task<bool> TakeAsync(string path, string name, Dictionary<uint, (int Messages, long Octets)> usage, CancellationToken cancellationToken)
    {
        using DropFile? file = DropFile.Open(path, settings, out string? reason);
        if (file is null)
        {
            SetAside(path, reason!);
            return false;
        }

        uint uid = file.Envelope.Uid;
        (int messages, long octets) = usage.GetValueOrDefault(uid);
        usage[uid] = (messages + 1, octets + file.Octets);
        if (messages + 1 > settings.MaxMessagesPerUser || octets + file.Octets > settings.MaxOctetsPerUser)
        {
            SetAside(path, string.Create(CultureInfo.InvariantCulture, $"user {uid} has more than {settings.MaxMessagesPerUser} messages or {settings.MaxOctetsPerUser} octets waiting"));
            return false;
        }

        string user = SystemUser.Find(uid)?.Name ?? uid.ToString(CultureInfo.InvariantCulture);
        DropVerdict verdict;
        try
        {
            verdict = await receive(new DropSubmission(name, user, file.Envelope, file.OpenContent), cancellationToken);
        }
        catch (SmtpContentException e)
        {
            SetAside(path, e.Message);
            return false;
        }

        switch (verdict)
        {
            case DropVerdict.Taken when file.Fault is null:
                File.Delete(path);
                return true;
            case DropVerdict.Later:
                return false;
            default:
                SetAside(path, file.Fault ?? "refused");
                return false;
        }
    }

    private void RemoveWhenOld(string path)
    {
        if (time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(path) < settings.UnfinishedAge) return;
        try
        {
            File.Delete(path);
            log($"drop: {Printable(path)}: unfinished for {settings.UnfinishedAge}, removed");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log($"drop: {Printable(path)}: {e.Message}");
        }
    }

    private void SetAside(string path, string reason)
    {
        string aside = Path.Combine(settings.AsideDirectory, string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMddHHmmssfff}.{Guid.NewGuid():N}"));
        try
        {
            File.Move(path, aside, overwrite: true); // rename(2) moves a link itself and never follows it
            log($"drop: {Printable(path)}: {reason}; set aside as {aside}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (stuck.Add(path)) log($"drop: {Printable(path)}: {reason}; cannot be set aside: {e.Message}");
        }
    }

    /// <summary>File names in this directory are chosen by users.</summary>
    private static string Printable(string path) => string.Concat(Path.GetFileName(path).Select(static c => c is >= ' ' and < '\x7f' ? c : '?'));
}
