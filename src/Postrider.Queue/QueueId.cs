namespace Postrider.Queue;

/// <summary>The name of a queue entry, in sendmail's form: 14 characters of <c>0-9A-Za-z</c> that begin with the date (oracle 01: <c>6AKNGbTb001482</c>).</summary>
/// <param name="Value">Safe as a file name, a log field and a part of a Message-ID.</param>
public readonly record struct QueueId(string Value)
{
    public override string ToString() => Value;
}
