namespace Postrider.Mta.Hosting.Drop;

/// <summary>What the receiving side made of a dropped message.</summary>
public enum DropVerdict
{
    /// <summary>It is in the queue: the file may go.</summary>
    Taken,

    /// <summary>Not now: the file stays for the next pass.</summary>
    Later,

    /// <summary>Never: the file is set aside.</summary>
    Refused,
}
