using System.Text;
using Postrider.Cli.Options;
using Postrider.Mta.Configuration;
using Postrider.Mta.Hosting;
using Postrider.Sendmail.Cf;

namespace Postrider.Cli.Applets;

/// <summary>What makemap, editmap and praliases have in common: the configuration they read, and octets on standard output.</summary>
internal static class MapTool
{
    /// <summary>The cf named by -C; null: there is none at the standard place, and the defaults hold.</summary>
    /// <exception cref="UsageException">The file that was named is not there.</exception>
    public static CfDocument? ReadConfiguration(AppletContext context, string? path)
    {
        CfReading reading = new FileSiteSource(path ?? FileSiteSource.DefaultPath, []).ReadDocument();
        if (reading.Document is null && (path is not null || File.Exists(FileSiteSource.DefaultPath)))
            throw new UsageException($"{context.Name}: {path ?? FileSiteSource.DefaultPath}: {(File.Exists(path ?? FileSiteSource.DefaultPath) ? "cannot be read" : "No such file or directory")}", SysExit.NoInput);
        return reading.Document;
    }

    public static PathTrust Trust(CfDocument? document) => PathTrust.OfMaps(document is null ? [] : [.. document.Options.Where(static option => option.Name == "DontBlameSendmail").SelectMany(static option => CfValue.List(option.Value))]);

    /// <summary>A key or value as the file has it: octets of the command line, folded unless told not to, with a NUL at the end if told so.</summary>
    public static byte[] Octets(ReadOnlySpan<byte> text, bool keepsCase, bool endsInNul)
    {
        byte[] octets = new byte[text.Length + (endsInNul ? 1 : 0)];
        for (int i = 0; i < text.Length; i++) octets[i] = !keepsCase && text[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[i] | 0x20) : text[i];
        return octets;
    }

    /// <summary>Without the NUL that may end it.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> octets)
    {
        int end = octets.IndexOf((byte)0);
        return end < 0 ? octets : octets[..end];
    }

    /// <summary>Writes octets as they are: a map need not be text of any encoding.</summary>
    public static async Task WriteAsync(AppletContext context, ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        if (context.Output is not StreamWriter writer)
        {
            await context.Output.WriteAsync(Encoding.Latin1.GetString(octets.Span));
            return;
        }

        await writer.FlushAsync(cancellationToken);
        await writer.BaseStream.WriteAsync(octets, cancellationToken);
        await writer.BaseStream.FlushAsync(cancellationToken);
    }
}
