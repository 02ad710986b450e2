namespace Postrider.Mta.Users;

/// <summary>A user of this system.</summary>
/// <param name="Name">Login name.</param>
/// <param name="FullName">For people; <c>&amp;</c> replaced. Empty: none.</param>
/// <param name="Shell">Login shell; empty: the system's default.</param>
public sealed record LocalUser(string Name, string FullName, uint Uid, uint Gid, string Home, string Shell)
{
    /// <summary>What the name service shows in place of a password: <c>x</c> where passwords are kept elsewhere. Nobody is checked against it.</summary>
    public string Password { get; init; } = "";
}
