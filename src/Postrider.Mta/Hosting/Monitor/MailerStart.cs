using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Postrider.Mta.Hosting.Monitor;

/// <summary>What the child that becomes a mailer's program is told on its standard input, in front of the message.</summary>
internal sealed record MailerStart
{
    /// <summary>Octets after the length that stands first.</summary>
    public const int MaxOctets = 1 << 20;

    /// <summary>The program; or, with <see cref="Appends"/>, the file.</summary>
    public required string Path { get; init; }

    /// <summary>The message is appended to the file; no program runs.</summary>
    public bool Appends { get; init; }

    public required ImmutableArray<string> Arguments { get; init; }

    public required ImmutableArray<string> Environment { get; init; }

    /// <summary>The first that can be entered.</summary>
    public required ImmutableArray<string> Directories { get; init; }

    /// <summary>Null: it stays who it is.</summary>
    public MailerIdentity? Identity { get; init; }

    public int Nice { get; init; }

    /// <summary>Empty: the system's. For a file: the directory that it cannot be outside of.</summary>
    public string Root { get; init; } = "";

    public byte[] Encode()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(0);
        writer.Write(Path);
        foreach (ImmutableArray<string> list in (ReadOnlySpan<ImmutableArray<string>>)[Arguments, Environment, Directories])
        {
            writer.Write(list.Length);
            foreach (string one in list) writer.Write(one);
        }

        writer.Write(Identity is not null);
        writer.Write(Identity?.Uid ?? 0);
        writer.Write(Identity?.Gid ?? 0);
        writer.Write(Identity?.Name ?? "");
        writer.Write(Nice);
        writer.Write(Root);
        writer.Write(Appends);
        writer.Flush();
        byte[] octets = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(octets, octets.Length - 4);
        return octets;
    }

    /// <param name="octets">Without the length.</param>
    /// <exception cref="IOException">It is not whole.</exception>
    public static MailerStart Decode(byte[] octets)
    {
        using BinaryReader reader = new(new MemoryStream(octets));
        string path = reader.ReadString();
        ImmutableArray<string> arguments = List(reader);
        ImmutableArray<string> environment = List(reader);
        ImmutableArray<string> directories = List(reader);
        bool changes = reader.ReadBoolean();
        uint uid = reader.ReadUInt32();
        uint gid = reader.ReadUInt32();
        string name = reader.ReadString();
        return new MailerStart
        {
            Path = path,
            Arguments = arguments,
            Environment = environment,
            Directories = directories,
            Identity = changes ? new MailerIdentity(uid, gid, name.Length == 0 ? null : name) : null,
            Nice = reader.ReadInt32(),
            Root = reader.ReadString(),
            Appends = reader.ReadBoolean(),
        };
    }

    private static ImmutableArray<string> List(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        ImmutableArray<string>.Builder list = ImmutableArray.CreateBuilder<string>();
        for (int i = 0; i < count; i++) list.Add(reader.ReadString());
        return list.ToImmutable();
    }
}
