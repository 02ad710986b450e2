using System.Globalization;

namespace Postrider.Queue;

/// <summary>A message's size as it was received, without what we put in front: that is what SIZE= and pri= tell (sendmail 8.17, oracle 10).</summary>
public static class MessageSize
{
    /// <summary>The macro that lives with the message.</summary>
    public const string Macro = "msg_size";

    /// <summary>In octets; of a message that has no such macro, a report of our own, all that is stored.</summary>
    public static long Of(QueueEntry entry) =>
        entry.Envelope.Macros.TryGetValue(Macro, out string? said) && long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out long octets) ? octets : entry.ContentOctets;
}
