using System.Text;
using Postrider.Sendmail.Maps;
using Postrider.Sendmail.Maps.Cdb;

namespace Postrider.Tests.Sendmail.Maps;

public sealed class CdbFileTests : IDisposable
{
    private readonly MapFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void What_is_written_is_read_whatever_its_octets()
    {
        var random = new Random(20261121);
        for (int round = 0; round < 60; round++)
        {
            KeyValuePair<byte[], byte[]>[] entries = [.. Enumerable.Range(0, random.Next(0, 400)).Select(number => new KeyValuePair<byte[], byte[]>([.. BitConverter.GetBytes(number), .. Some(random, 20)], Some(random, 200)))];
            using IMapFile file = MapFile.Open(files.Write("x", CdbWriter.Write(entries)));
            Assert.IsType<CdbFile>(file);
            Assert.Equal(entries.Select(Shown), file.Entries().Select(Shown));
            foreach ((byte[] key, byte[] value) in entries)
            {
                Assert.True(file.TryGet(key, out byte[]? found));
                Assert.Equal(value, found);
                Assert.False(file.TryGet([.. key, 1], out _));
            }
        }
    }

    [Fact]
    public void Of_several_values_the_first_is_found_and_all_are_listed()
    {
        using IMapFile file = MapFile.Open(files.Write("x", CdbWriter.Write([Entry("k", "1"), Entry("j", "x"), Entry("k", "2")])));
        Assert.True(file.TryGet("k"u8, out byte[]? value));
        Assert.Equal("1"u8.ToArray(), value);
        Assert.Equal(["k=1", "j=x", "k=2"], file.Entries().Select(static entry => $"{Encoding.Latin1.GetString(entry.Key)}={Encoding.Latin1.GetString(entry.Value)}"));
    }

    [Fact]
    public void A_file_that_is_not_whole_is_refused_wherever_it_ends()
    {
        byte[] whole = CdbWriter.Write([.. Enumerable.Range(0, 100).Select(static number => Entry($"key{number}", "value"))]);
        for (int length = 0; length < whole.Length; length += 13) Assert.Throws<MapFileException>(() => MapFile.Open(files.Write("cut", whole.AsSpan(0, length))));
        Assert.Throws<MapFileException>(() => MapFile.Open(files.Write("longer", [.. whole, 0])));
        Assert.Throws<MapFileException>(() => MapFile.Open(files.Write("other", "broken line\n"u8)));
    }

    [Fact]
    public void A_damaged_file_ends_in_an_answer_or_in_a_message()
    {
        byte[] whole = CdbWriter.Write([.. Enumerable.Range(0, 100).Select(static number => Entry($"key{number}", "value"))]);
        var random = new Random(20261121);
        int refused = 0;
        for (int round = 0; round < 500; round++)
        {
            byte[] octets = [.. whole];
            for (int change = random.Next(1, 200); change > 0; change--) octets[random.Next(2048, octets.Length)] = (byte)random.Next(256);
            try
            {
                using IMapFile file = MapFile.Open(files.Write("damaged", octets));
                for (int number = 0; number < 100; number++) _ = file.TryGet(Encoding.ASCII.GetBytes($"key{number}"), out _);
                _ = file.Entries().Count();
            }
            catch (MapFileException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 500);
    }

    private static KeyValuePair<byte[], byte[]> Entry(string key, string value) => new(Encoding.Latin1.GetBytes(key), Encoding.Latin1.GetBytes(value));

    private static byte[] Some(Random random, int most)
    {
        byte[] octets = new byte[random.Next(most)];
        random.NextBytes(octets);
        return octets;
    }

    private static string Shown(KeyValuePair<byte[], byte[]> entry) => Convert.ToHexString(entry.Key) + "=" + Convert.ToHexString(entry.Value);
}
