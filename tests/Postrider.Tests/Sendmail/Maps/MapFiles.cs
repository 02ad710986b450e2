using System.IO.Compression;

namespace Postrider.Tests.Sendmail.Maps;

/// <summary>Real database files, made by Debian's db5.3_load and by sendmail's makemap, in a directory that goes when the test ends.</summary>
internal sealed class MapFiles : IDisposable
{
    public DirectoryInfo Directory { get; } = System.IO.Directory.CreateTempSubdirectory("postrider-maps-");

    public static byte[] Octets(string name)
    {
        using FileStream packed = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Sendmail", "Maps", "Files", name + ".db.gz"));
        using GZipStream unpacking = new(packed, CompressionMode.Decompress);
        using MemoryStream octets = new();
        unpacking.CopyTo(octets);
        return octets.ToArray();
    }

    public string Write(string name) => Write(name, Octets(name));

    public string Write(string name, ReadOnlySpan<byte> octets)
    {
        string path = Path.Combine(Directory.FullName, name);
        File.WriteAllBytes(path, octets);
        return path;
    }

    public void Dispose() => Directory.Delete(recursive: true);
}
