namespace Postrider.Mta.Delivery;

/// <summary>An open mailbox: its <c>tmp</c> and <c>new</c>, reached from the base directory without following a symbolic link; what is missing is made with mode 0700.</summary>
internal sealed class MaildirFolder : IDisposable
{
    private MaildirFolder(DirectoryHandle temporary, DirectoryHandle arrived)
    {
        (Temporary, Arrived) = (temporary, arrived);
        FileSystem = temporary.FileSystem;
    }

    public DirectoryHandle Temporary { get; }

    public DirectoryHandle Arrived { get; }

    /// <summary>Which file system both are on: <c>rename</c> could not move from one to another.</summary>
    public ulong FileSystem { get; }

    /// <param name="mailbox">Absolute, or relative to the base.</param>
    /// <exception cref="MaildirException">It cannot be opened, or is not below the base.</exception>
    public static MaildirFolder Open(string baseDirectory, string mailbox)
    {
        using DirectoryHandle directory = OpenDirectory(baseDirectory, mailbox);
        directory.OpenOrCreate("cur").Dispose();
        DirectoryHandle temporary = directory.OpenOrCreate("tmp");
        try
        {
            return new MaildirFolder(temporary, directory.OpenOrCreate("new"));
        }
        catch
        {
            temporary.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Temporary.Dispose();
        Arrived.Dispose();
    }

    private static DirectoryHandle OpenDirectory(string baseDirectory, string mailbox)
    {
        string path = mailbox.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(mailbox, baseDirectory);
        if (!path.StartsWith(baseDirectory + "/", StringComparison.Ordinal))
            throw new MaildirException("outside the base directory:", mailbox, MaildirException.NotDirectory);
        DirectoryHandle current = DirectoryHandle.OpenBase(baseDirectory);
        foreach (string step in path[(baseDirectory.Length + 1)..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using DirectoryHandle parent = current;
            current = parent.OpenOrCreate(step);
        }

        return current;
    }
}
