namespace Postrider.Smtp.Server;

/// <summary><c>${client_resolve}</c>: what the look-up of the client's name gave.</summary>
public enum ClientResolve
{
    Ok,

    /// <summary>No name.</summary>
    Fail,

    /// <summary>The name does not lead back to the address.</summary>
    Forged,

    /// <summary>The DNS did not answer.</summary>
    Temp,
}
