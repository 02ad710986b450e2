using System.Text;
using Postrider.Mail;
using Postrider.Mta.Delivery;
using Postrider.Queue;

namespace Postrider.Tests.Mta.Delivery;

internal static class Attempts
{
    public static DeliveryAttempt To(string mailer, string host, string content, params string[] users)
    {
        QueueRecipient[] recipients = [.. users.Select(u => new QueueRecipient(ForwardPath.Of(u.Contains('@', StringComparison.Ordinal) ? u : u + "@x.example")))];
        byte[] octets = Encoding.Latin1.GetBytes(content);
        return new DeliveryAttempt
        {
            Envelope = new QueueEnvelope
            {
                Id = new QueueId("6AKNGbTb001482"),
                ArrivalTime = DateTimeOffset.UnixEpoch,
                ReversePath = ReversePath.Of("alice@oracle.test"),
                Recipients = [.. recipients],
            },
            Mailer = mailer,
            Host = host,
            Recipients = [.. users.Select((u, i) => new DeliveryRecipient(i, recipients[i], u))],
            ContentOctets = octets.Length,
            OpenContent = _ => new(new MemoryStream(octets)),
        };
    }
}
