using Postrider.Mail;
using Postrider.Mta.Routing;
using Postrider.Queue;

namespace Postrider.Mta.Aliasing;

/// <summary>What an alias may name and a peer may not: programs and files. And <c>\user</c>, a user whose aliases are not asked.</summary>
public static class ControlledAddress
{
    /// <summary>Null: an address like any other. Only a recipient that has a controller leads to a program or a file, however its address looks.</summary>
    /// <returns>For a program <c>{prog, , command}</c> without the bar; for a file <c>{*file*, , path}</c>.</returns>
    public static MailerTriple? TripleOf(QueueRecipient recipient)
    {
        if (recipient.Controller is null) return null;
        string name = Bare(recipient.Address.Address);
        if (name.StartsWith('|')) return new MailerTriple("prog", "", name[1..].Trim());
        return name.StartsWith('/') ? new MailerTriple("*file*", "", name) : null;
    }

    /// <summary>The address as routing knows it: without the backslash that only kept aliases away.</summary>
    public static ForwardPath Plain(QueueRecipient recipient)
    {
        string address = recipient.Address.Address;
        return address.Length > 1 && address[0] == '\\' ? ForwardPath.Of(address[1..]) : recipient.Address;
    }

    /// <summary>Without the quotes around the whole.</summary>
    internal static string Bare(string address) => AddressCanonifier.Dequoted(address, force: true);
}
