using Postrider.Mail;

namespace Postrider.Mta.Hosting.Drop;

/// <summary>One recipient of a <see cref="DropEnvelope"/>.</summary>
public sealed record DropRecipient(string Address, DsnNotify Notify = default);
