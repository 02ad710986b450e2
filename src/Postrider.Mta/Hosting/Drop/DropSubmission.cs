using Postrider.Smtp.Server;

namespace Postrider.Mta.Hosting.Drop;

/// <summary>A dropped message that passed every check of its file.</summary>
/// <param name="Name">File name, for the log.</param>
/// <param name="User">Login name of the owner.</param>
/// <param name="Envelope">Checked for form; its addresses are still a claim.</param>
/// <param name="OpenContent">From its beginning, each time; one at a time. Throws <see cref="SmtpContentException"/> at its end when the checksum does not hold; nothing may be committed then.</param>
public sealed record DropSubmission(string Name, string User, DropEnvelope Envelope, Func<SmtpContent> OpenContent);
