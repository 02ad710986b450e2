namespace Postrider.Mta.Routing;

/// <summary>Which envelope address is read.</summary>
public enum AddressKind
{
    Sender,
    Recipient,
}
