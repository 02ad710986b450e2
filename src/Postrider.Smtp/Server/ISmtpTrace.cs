namespace Postrider.Smtp.Server;

/// <summary>Sees what goes over the wire, secrets blotted out. Called by one session at a time per instance; must not block.</summary>
public interface ISmtpTrace
{
    /// <summary>A line of the client, without its end.</summary>
    void Client(string line);

    /// <summary>A line of a reply, without its end.</summary>
    void Server(string line);

    /// <summary>Something that is not a line: TLS came up, content went by, the peer is gone.</summary>
    void Event(string text);
}
