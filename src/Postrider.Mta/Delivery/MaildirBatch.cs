using Microsoft.Win32.SafeHandles;

namespace Postrider.Mta.Delivery;

/// <summary>
/// Deliveries that share their syncs: every message is written to its <c>tmp</c>, all are made stable together, each is moved to its <c>new</c>, and the directories are made stable
/// together. What hinders one delivery hinders only that one; a sync that fails, all that it was for.
/// </summary>
/// <remarks>For one thread, once.</remarks>
internal sealed class MaildirBatch(string baseDirectory) : IDisposable
{
    /// <summary>So many files or directories are synced one by one; more, by one sync of their file system.</summary>
    private const int Few = 2;

    private readonly Dictionary<string, MaildirFolder> folders = new(StringComparer.Ordinal);
    private readonly List<Written> written = [];

    /// <summary>Afterwards every delivery has succeeded or failed.</summary>
    public void Deliver(IEnumerable<MaildirDelivery> deliveries)
    {
        foreach (MaildirDelivery delivery in deliveries) Write(delivery);
        foreach (IGrouping<ulong, Written> fileSystem in written.GroupBy(static w => w.Folder.FileSystem)) Settle([.. fileSystem]);
    }

    public void Dispose()
    {
        foreach (Written one in written) one.File.Dispose();
        foreach (MaildirFolder folder in folders.Values) folder.Dispose();
    }

    private void Write(MaildirDelivery delivery)
    {
        try
        {
            if (!folders.TryGetValue(delivery.Attempt.Host, out MaildirFolder? folder))
            {
                folder = MaildirFolder.Open(baseDirectory, delivery.Attempt.Host);
                folders.Add(delivery.Attempt.Host, folder);
            }

            Written one = new(delivery, folder, folder.Temporary.CreateFile(delivery.Name));
            written.Add(one);
            one.Try(one.Copy);
        }
        catch (Exception e)
        {
            delivery.Fail(e);
        }
    }

    private static void Settle(List<Written> batch)
    {
        List<Written> whole = batch.FindAll(static w => w.Delivery.IsOpen);
        Together(whole, whole.Count <= Few ? SyncFiles : SyncFileSystem);
        foreach (Written one in whole) one.Try(one.Move);

        List<Written> moved = batch.FindAll(static w => w.Delivery.IsOpen);
        HashSet<DirectoryHandle> arrived = [.. moved.Select(static w => w.Folder.Arrived)];
        Together(moved, arrived.Count <= Few ? _ => SyncDirectories(arrived) : SyncFileSystem);
        foreach (Written one in moved) one.Delivery.Succeed();
    }

    private static void Together(List<Written> batch, Action<List<Written>> sync)
    {
        if (batch.Count == 0) return;
        try
        {
            sync(batch);
        }
        catch (Exception e)
        {
            foreach (Written one in batch) one.Fail(e);
        }
    }

    private static void SyncFiles(List<Written> batch)
    {
        foreach (Written one in batch) RandomAccess.FlushToDisk(one.File);
    }

    private static void SyncDirectories(IEnumerable<DirectoryHandle> directories)
    {
        foreach (DirectoryHandle directory in directories) directory.Sync();
    }

    // The handle was opened before anything was written: a write error of any file since then is reported by it (Linux 5.8).
    private static void SyncFileSystem(List<Written> batch) => batch[0].Folder.Temporary.SyncFileSystem();

    /// <summary>A file in <c>tmp</c>, later in <c>new</c>.</summary>
    private sealed record Written(MaildirDelivery Delivery, MaildirFolder Folder, SafeFileHandle File)
    {
        private bool isMoved;

        public void Copy() => Delivery.CopyTo(File);

        public void Move()
        {
            if (!Delivery.IsOpen) return;
            Folder.Temporary.Move(Delivery.Name, Folder.Arrived);
            isMoved = true;
        }

        public void Try(Action step)
        {
            try
            {
                step();
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }

        /// <summary>What was not moved is removed; what was, a reader may have seen already.</summary>
        public void Fail(Exception e)
        {
            if (!isMoved) Folder.Temporary.Remove(Delivery.Name);
            Delivery.Fail(e);
        }
    }
}
