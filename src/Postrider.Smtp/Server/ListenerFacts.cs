using System.Net;

namespace Postrider.Smtp.Server;

/// <summary>The listener a session came in by.</summary>
/// <param name="Name"><c>${daemon_name}</c>, for example MTA, MSA.</param>
/// <param name="Local">The address and port the client connected to; null for SMTP on standard input or a Unix socket.</param>
public sealed record ListenerFacts(string Name, IPEndPoint? Local)
{
    /// <summary>The modifiers as they were written (M=).</summary>
    public string Modifiers { get; init; } = "";

    /// <summary>M=a: MAIL wants authentication first (530 5.7.0).</summary>
    public bool RequiresAuth { get; init; }

    /// <summary>M=s: TLS before the greeting.</summary>
    public bool IsImplicitTls { get; init; }

    /// <summary>M=S: STARTTLS is not offered.</summary>
    public bool NoStartTls { get; init; }

    /// <summary>M=E: ETRN is refused.</summary>
    public bool NoEtrn { get; init; }

    /// <summary>M=A: AUTH is not offered (overrides M=a).</summary>
    public bool NoAuth { get; init; }
}
