using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Postrider.Mail.Headers;

/// <summary>The addresses of To, Cc, Bcc and the like, as sendmail takes them (RFC 5322 §3.4 with its obsolete forms): groups opened, comments and display names dropped.</summary>
/// <remarks>Errors are values beside the addresses that were good. Text comes unfolded, so an address never holds CR or LF.</remarks>
public sealed record AddressList(ImmutableArray<HeaderAddress> Addresses, ImmutableArray<AddressListError> Errors)
{
    private static readonly SearchValues<char> NewStyle = SearchValues.Create(",;<(");
    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>[]:;@\\,.\"");
    private static readonly EnhancedStatusCode BadList = new(5, 1, 3);
    private static readonly EnhancedStatusCode BadSyntax = new(5, 0, 0);

    public static AddressList Empty { get; } = new([], []);

    /// <param name="text">An unfolded field value (<see cref="HeaderField.Text"/>).</param>
    public static AddressList Parse(string text)
    {
        ImmutableArray<HeaderAddress>.Builder addresses = ImmutableArray.CreateBuilder<HeaderAddress>();
        ImmutableArray<AddressListError>.Builder errors = ImmutableArray.CreateBuilder<AddressListError>();
        text = text.Replace('\0', ' ').Replace('\r', ' ').Replace('\n', ' ');

        // OldStyleHeaders (true in sendmail's own configurations): blanks separate addresses while nothing in the field shows the new style.
        bool isOldStyle = text.AsSpan().IndexOfAny(NewStyle) < 0;
        string? group = null;
        int groupStart = 0;
        bool groupHasMember = false;
        AddressReader reader = new(text, isOldStyle);
        while (reader.Next())
        {
            if (reader.Error is { } reason) errors.Add(new AddressListError(reader.Piece, BadSyntax, reason));
            else if (reader.Address.Length > 0)
            {
                addresses.Add(new HeaderAddress(reader.Address, reader.DisplayName, group));
                groupHasMember = true;
            }

            if (reader.Mark == ':')
            {
                group = reader.DisplayName ?? "";
                groupStart = reader.PieceStart;
                groupHasMember = false;
            }
            else if (reader.Mark == ';')
            {
                // sendmail 8.17, oracle 82: an empty list is no recipient.
                if (group is not null && !groupHasMember)
                {
                    errors.Add(new AddressListError(text[groupStart..reader.Position].Trim(), BadList, "List:; syntax illegal for recipient addresses"));
                }

                group = null;
            }
        }

        return new AddressList(addresses.ToImmutable(), errors.ToImmutable());
    }

    /// <summary>The recipients that <c>sendmail -t</c> takes: To, Cc, Bcc and Apparently-To; or only Resent-To, Resent-Cc, Resent-Bcc when any Resent- field is there (oracle 82).</summary>
    public static AddressList Recipients(HeaderSection section)
    {
        ReadOnlySpan<string> names = OriginatorFields.IsResent(section) ? ["Resent-To", "Resent-Cc", "Resent-Bcc"] : ["To", "Cc", "Bcc", "Apparently-To"];
        AddressList all = Empty;
        foreach (HeaderField field in section)
        {
            foreach (string name in names)
            {
                if (!field.IsNamed(name)) continue;
                AddressList some = Parse(field.Text);
                all = new AddressList(all.Addresses.AddRange(some.Addresses), all.Errors.AddRange(some.Errors));
            }
        }

        return all;
    }

    /// <summary>A display name as a phrase: quoted when it holds one of RFC 5322's specials; control characters become blanks.</summary>
    public static string QuotePhrase(string name)
    {
        StringBuilder clean = new(name.Length + 2);
        bool quote = name.AsSpan().IndexOfAny(Specials) >= 0;
        if (quote) clean.Append('"');
        foreach (char c in name)
        {
            if (c is '"' or '\\') clean.Append('\\');
            clean.Append(char.IsControl(c) ? ' ' : c);
        }

        return quote ? clean.Append('"').ToString() : clean.ToString();
    }
}
