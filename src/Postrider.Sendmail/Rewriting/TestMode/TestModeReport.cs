namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary>Where a session prints, and what it makes of errors: sendmail's exit status is that of the first one.</summary>
/// <param name="output">Where everything is printed.</param>
/// <param name="logged">Is told of each system error; null: nobody.</param>
internal sealed class TestModeReport(TextWriter output, Action<string>? logged)
{
    private const int Software = 70;

    /// <summary>The exit status so far.</summary>
    internal int Exit { get; private set; }

    internal void Print(string text) => output.Write(text);

    /// <summary>What is wrong with an address. sendmail 8.17: messages have seven bits, so a letter of Latin-1 loses its eighth.</summary>
    internal void AddressProblem(string address, string problem) => Remark($"{address}... {problem}");

    /// <summary>A message that is no system error.</summary>
    internal void Remark(string text) => output.Write(string.Concat(text.Select(static c => c is >= '\x80' and < '\x100' ? (char)(c & 0x7f) : c)) + "\n");

    /// <summary>A mistake of the configuration or of who asks: printed, logged, and exit 70 (oracle 80).</summary>
    internal void SystemError(string text)
    {
        output.Write(text + "\n");
        Fail(Software);
        logged?.Invoke(text);
    }

    /// <summary>What <c>$#error $@ host $: text</c> says: printed as a user reads it, without quotation marks and reply code.</summary>
    /// <param name="before">What stands in front of it, such as the address.</param>
    internal void UserError(string host, string text, string before = "")
    {
        string plain = text.Replace("\"", "", StringComparison.Ordinal);
        bool hasCode = plain.Length > 4 && plain[3] is ' ' or '-' && plain.AsSpan(0, 3).IndexOfAnyExceptInRange('0', '9') < 0;
        output.Write($"{before}{(hasCode ? plain[4..] : plain)}\n");
        Fail(ErrorExit.Of(host));
    }

    // sendmail 8.17, asked in either order: the first error stays.
    private void Fail(int status) => Exit = Exit == 0 ? status : Exit;
}
