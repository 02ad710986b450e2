using System.Globalization;
using System.Text;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Maps.Berkeley;

namespace Postrider.Tests.Sendmail.Maps;

public sealed class BerkeleyDatabaseTests : IDisposable
{
    private readonly MapFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("hash-little", 700)]
    [InlineData("hash-big", 700)]
    [InlineData("btree-little", 700)]
    [InlineData("btree-big", 700)]
    [InlineData("hash-checksum", 50)]
    [InlineData("btree-checksum", 50)]
    public void Every_key_of_a_real_file_is_found_and_no_other(string name, int count)
    {
        using BerkeleyDatabase database = BerkeleyDatabase.Open(files.Write(name));
        for (int i = 0; i < count; i++) Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"value {i}"), Get(database, string.Create(CultureInfo.InvariantCulture, $"key{i}")));
        Assert.Equal(new string('v', 5000), Get(database, "long value"));
        Assert.Equal("long key", Get(database, new string('K', 3000)));
        Assert.Equal("one", Get(database, new string('L', 900) + "1"));
        Assert.Equal(new string('W', 3000), Get(database, new string('L', 900) + "2"));
        Assert.Equal("", Get(database, "empty"));
        Assert.Equal("\0\x1", Get(database, "\xe9\0\xff"));
        foreach (string absent in (string[])["", "key", "key700", "KEY1", "zzz", new string('L', 900) + "3", new string('K', 2999), "\xff\xff"]) Assert.Null(Get(database, absent));
        Assert.Equal(count + 6, database.Entries().Count());
        Assert.Equal(count + 6, database.Entries().Select(static entry => Text(entry.Key)).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("hash-duplicates")]
    [InlineData("hash-sorted-duplicates")]
    [InlineData("btree-duplicates")]
    public void Of_several_values_the_first_is_found_and_all_are_listed(string name)
    {
        using BerkeleyDatabase database = BerkeleyDatabase.Open(files.Write(name));
        Assert.Equal("value 0", Get(database, "many"));
        Assert.Equal("a", Get(database, "few"));
        Assert.Equal("1", Get(database, "one"));
        Assert.Equal(300, database.Entries().Count(static entry => Text(entry.Key) == "many"));
        Assert.Equal(["a", "b"], database.Entries().Where(static entry => Text(entry.Key) == "few").Select(static entry => Text(entry.Value)));
    }

    [Fact]
    public void What_makemap_of_sendmail_writes_is_read()
    {
        using (BerkeleyDatabase hash = BerkeleyDatabase.Open(files.Write("sendmail-access")))
        {
            Assert.Equal("REJECT", Get(hash, "spam.test"));
            Assert.Equal(["connect:127.0.0.1", "from:a@b.test", "spam.test"], hash.Entries().Select(static entry => Text(entry.Key)));
        }

        using BerkeleyDatabase tree = BerkeleyDatabase.Open(files.Write("sendmail-btree"));
        Assert.Equal("OK\0", Get(tree, "connect:127.0.0.1\0"));
        Assert.Null(Get(tree, "connect:127.0.0.1"));
    }

    [Fact]
    public void An_older_hash_with_pages_that_are_not_sorted_is_read()
    {
        byte[] octets = MapFiles.Octets("sendmail-access");
        octets[16] = 8;
        for (int page = 4096; page < octets.Length; page += 4096) octets[page + 25] = 2;
        using BerkeleyDatabase database = BerkeleyDatabase.Open(files.Write("old", octets));
        Assert.Equal("OK", Get(database, "connect:127.0.0.1"));
    }

    [Theory]
    [InlineData(12, 0, "not a Berkeley DB file")]
    [InlineData(16, 7, "version 7 is not read here")]
    [InlineData(21, 3, "page size")]
    [InlineData(24, 1, "encrypted")]
    [InlineData(26, 2, "partitioned")]
    [InlineData(48, 2, "holds several databases")]
    [InlineData(92, 0, "a hash function of its program's own")]
    [InlineData(32, 9, "cut off")]
    public void A_file_that_is_not_read_here_says_why(int at, byte octet, string message)
    {
        byte[] octets = MapFiles.Octets("sendmail-access");
        octets[at] = octet;
        MapFileException e = Assert.Throws<MapFileException>(() => BerkeleyDatabase.Open(files.Write("x", octets)));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_says_so() =>
        Assert.EndsWith("No such file or directory", Assert.Throws<MapFileException>(() => BerkeleyDatabase.Open(Path.Combine(files.Directory.FullName, "none.db"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_somebody_writes_is_not_opened_and_one_that_is_open_keeps_no_writer_out()
    {
        string path = files.Write("sendmail-access");
        using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) Assert.Throws<MapFileException>(() => BerkeleyDatabase.Open(path));
        using BerkeleyDatabase database = BerkeleyDatabase.Open(path);
        using FileStream writer = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Theory]
    [InlineData("hash-little")]
    [InlineData("btree-little")]
    public void A_file_that_is_cut_off_anywhere_is_refused(string name)
    {
        byte[] octets = MapFiles.Octets(name);
        for (int length = 0; length < octets.Length; length += 257) Assert.Throws<MapFileException>(() => BerkeleyDatabase.Open(files.Write("cut", octets.AsSpan(0, length))));
    }

    /// <summary>Whatever stands in a file: an answer or a MapFileException, and soon.</summary>
    [Theory]
    [InlineData("hash-little")]
    [InlineData("hash-big")]
    [InlineData("btree-little")]
    [InlineData("btree-big")]
    [InlineData("hash-duplicates")]
    [InlineData("btree-duplicates")]
    [InlineData("hash-sorted-duplicates")]
    [InlineData("sendmail-access")]
    public void A_damaged_file_ends_in_an_answer_or_in_a_message(string name)
    {
        byte[] whole = MapFiles.Octets(name);
        int pageSize = name.StartsWith("sendmail", StringComparison.Ordinal) ? 4096 : name == "btree-big" ? 1024 : 512;
        var random = new Random(20261121);
        int refused = 0;
        for (int round = 0; round < 400; round++)
        {
            byte[] octets = [.. whole];
            for (int change = random.Next(1, 12); change > 0; change--)
            {
                // Heads of pages and their tables, and the first page, are where a lie tells.
                int page = random.Next(octets.Length / pageSize) * pageSize;
                int at = random.Next(3) == 0 ? random.Next(pageSize) : random.Next(64);
                octets[page + at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)random.Next(4), _ => 0xff };
            }

            if (!Survives(files.Write("damaged", octets))) refused++;
        }

        Assert.InRange(refused, 1, 400);
    }

    /// <returns>Whether nothing was found wrong.</returns>
    private static bool Survives(string path)
    {
        try
        {
            using BerkeleyDatabase database = BerkeleyDatabase.Open(path);
            foreach (string key in (string[])["key1", "key699", "many", "few", "spam.test", "zzz", "long value"]) _ = Get(database, key);
            _ = database.Entries().Count();
            return true;
        }
        catch (MapFileException)
        {
            return false;
        }
    }

    private static string? Get(BerkeleyDatabase database, string key) => database.TryGet(Encoding.Latin1.GetBytes(key), out byte[]? value) ? Text(value) : null;

    private static string Text(byte[] octets) => Encoding.Latin1.GetString(octets);
}
