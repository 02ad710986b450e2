using System.Text;

namespace Postrider.Cli;

/// <summary>The name the program was called by: a link called <c>mailq</c> is mailq.</summary>
internal static class InvocationName
{
    /// <summary>Asked of the kernel: what .NET gives as first argument is the binary's own path, with links resolved.</summary>
    public static string Read()
    {
        try
        {
            return Parse(File.ReadAllBytes("/proc/self/cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Path.GetFileName(Environment.GetCommandLineArgs()[0]);
        }
    }

    public static string Parse(ReadOnlySpan<byte> commandLine)
    {
        int end = commandLine.IndexOf((byte)0);
        string first = Encoding.UTF8.GetString(end < 0 ? commandLine : commandLine[..end]);
        return Path.GetFileName(first);
    }
}
