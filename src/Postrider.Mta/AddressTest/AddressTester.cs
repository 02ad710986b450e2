namespace Postrider.Mta.AddressTest;

/// <summary>Who tests addresses.</summary>
/// <param name="UserName">The name of the user that the process runs as.</param>
/// <param name="Id"><c>$i</c>: the id under which the test is logged.</param>
/// <param name="Time">The clock.</param>
public sealed record AddressTester(string UserName, string Id, TimeProvider Time);
