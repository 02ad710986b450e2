using System.Globalization;

namespace Postrider.Mta.Ldap;

/// <summary>How an operation ended (RFC 4511 §4.1.9), and what a search found until then.</summary>
internal sealed record LdapResult(int Code, string Diagnostic)
{
    public const int Success = 0;
    public const int Referral = 10;

    public IReadOnlyList<LdapEntry> Entries { get; init; } = [];

    /// <summary>Where the rest of the answer is: for each part the addresses that have it.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Referrals { get; init; } = [];

    /// <summary>The code in words, and what the server added.</summary>
    public string Text
    {
        get
        {
            string words = Code switch
            {
                0 => "Success",
                1 => "Operations error",
                2 => "Protocol error",
                3 => "Time limit exceeded",
                4 => "Size limit exceeded",
                8 => "Strong(er) authentication required",
                10 => "Referral",
                11 => "Administrative limit exceeded",
                13 => "Confidentiality required",
                32 => "No such object",
                34 => "Invalid DN syntax",
                48 => "Inappropriate authentication",
                49 => "Invalid credentials",
                50 => "Insufficient access",
                51 => "Server is busy",
                52 => "Server is unavailable",
                53 => "Server is unwilling to perform",
                _ => string.Create(CultureInfo.InvariantCulture, $"Result code {Code}"),
            };
            return Diagnostic.Length == 0 ? words : $"{words} ({Diagnostic})";
        }
    }
}
