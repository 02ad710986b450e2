namespace Postrider.Smtp.Server;

/// <summary>Writes a session in the form of a dialogue file, so that a bug report is a test.</summary>
public sealed class SmtpTraceText(TextWriter output) : ISmtpTrace
{
    public void Client(string line) => output.WriteLine("C: " + line);

    public void Server(string line) => output.WriteLine("S: " + line);

    public void Event(string text) => output.WriteLine(text == "TLS" ? text : "# " + text);
}
