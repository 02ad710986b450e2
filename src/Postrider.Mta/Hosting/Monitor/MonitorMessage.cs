using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Delivery.Mailers;

namespace Postrider.Mta.Hosting.Monitor;

/// <summary>What monitor and worker say to each other: a kind, a number that ties answer to question, and what the kind needs. Nothing else is understood.</summary>
internal sealed record MonitorMessage(MonitorMessageKind Kind, int Number)
{
    private const int MaxUsers = 1000;
    private const int MaxMacros = 100;

    /// <summary>Of <see cref="MonitorMessageKind.Run"/>.</summary>
    public MailerRun? Run { get; init; }

    /// <summary>Of <see cref="MonitorMessageKind.Exited"/>.</summary>
    public MailerExit? Exit { get; init; }

    /// <summary>Of <see cref="MonitorMessageKind.Reloaded"/>: why not; null: it was.</summary>
    public string? Problem { get; init; }

    /// <summary>Of <see cref="MonitorMessageKind.Open"/>: absolute.</summary>
    public string? Path { get; init; }

    /// <summary>Of <see cref="MonitorMessageKind.Opened"/>, beside the message: the receiver's.</summary>
    public SafeFileHandle? File { get; init; }

    public byte[] Encode()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write((byte)Kind);
        writer.Write(Number);
        switch (Kind)
        {
            case MonitorMessageKind.Run:
                writer.Write(Run!.Mailer);
                WriteOptional(writer, Run.Controller);
                writer.Write(Run.Users.Length);
                foreach (string user in Run.Users) writer.Write(user);
                writer.Write(Run.Macros.Count);
                foreach ((string name, string value) in Run.Macros)
                {
                    writer.Write(name);
                    writer.Write(value);
                }

                break;
            case MonitorMessageKind.Exited:
                writer.Write(Exit!.Code);
                writer.Write(Exit.Signal);
                writer.Write(Exit.Output);
                WriteOptional(writer, Exit.Trouble);
                break;
            case MonitorMessageKind.Reloaded:
                WriteOptional(writer, Problem);
                break;
            case MonitorMessageKind.Open:
                writer.Write(Path!);
                break;
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Null for anything that is not whole, has too much, or is of no kind there is.</summary>
    public static MonitorMessage? Decode(ReadOnlySpan<byte> octets)
    {
        try
        {
            using BinaryReader reader = new(new MemoryStream(octets.ToArray()));
            MonitorMessage message = new((MonitorMessageKind)reader.ReadByte(), reader.ReadInt32());
            message = message.Kind switch
            {
                MonitorMessageKind.Run => message with { Run = ReadRun(reader) },
                MonitorMessageKind.Exited => message with { Exit = new MailerExit(reader.ReadInt32(), reader.ReadInt32(), reader.ReadString(), ReadOptional(reader)) },
                MonitorMessageKind.Reloaded => message with { Problem = ReadOptional(reader) },
                MonitorMessageKind.Open => message with { Path = reader.ReadString() },
                MonitorMessageKind.Cancel or MonitorMessageKind.Reload or MonitorMessageKind.Opened => message,
                _ => throw new InvalidDataException(),
            };
            return reader.BaseStream.Position == octets.Length ? message : null;
        }
        catch (Exception e) when (e is IOException or FormatException or InvalidDataException or ArgumentException)
        {
            return null;
        }
    }

    private static MailerRun ReadRun(BinaryReader reader)
    {
        string mailer = reader.ReadString();
        string? controller = ReadOptional(reader);
        string[] users = new string[Count(reader, MaxUsers)];
        for (int i = 0; i < users.Length; i++) users[i] = reader.ReadString();
        ImmutableDictionary<string, string>.Builder macros = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        for (int left = Count(reader, MaxMacros); left > 0; left--) macros[reader.ReadString()] = reader.ReadString();
        return new MailerRun { Mailer = mailer, Controller = controller, Users = [.. users], Macros = macros.ToImmutable() };
    }

    private static int Count(BinaryReader reader, int most) => reader.ReadInt32() is >= 0 and int count && count <= most ? count : throw new InvalidDataException();

    private static void WriteOptional(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        writer.Write(text ?? "");
    }

    private static string? ReadOptional(BinaryReader reader)
    {
        bool isThere = reader.ReadBoolean();
        string text = reader.ReadString();
        return isThere ? text : null;
    }
}
