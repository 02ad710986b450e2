using System.Collections.Frozen;

namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary>What sendmail knows about header fields, as the number that <c>/header</c> prints.</summary>
/// <remarks>Asked of sendmail 8.17 field by field.</remarks>
internal static class HeaderFlags
{
    /// <summary>The field came from a user, as it does here.</summary>
    private const int User = 0x40000;

    /// <summary>Its check takes comments away first (<c>$&gt;</c>, not <c>$&gt;+</c>).</summary>
    internal const int CheckStripsComments = 0x10000;

    private static readonly FrozenDictionary<string, int> Known = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["Resent-Sender"] = 0x108,
        ["Resent-From"] = 0x108,
        ["Resent-Reply-To"] = 0x108,
        ["Resent-Date"] = 0x8,
        ["Resent-Message-Id"] = 0x8,
        ["Resent-To"] = 0xa,
        ["Resent-Cc"] = 0xa,
        ["Resent-Bcc"] = 0x400a,
        ["Sender"] = 0x100,
        ["Reply-To"] = 0x100,
        ["From"] = 0x100,
        ["Full-Name"] = 0x20,
        ["Return-Receipt-To"] = 0x400,
        ["Disposition-Notification-To"] = 0x100,
        ["Errors-To"] = 0x900,
        ["To"] = 0x2,
        ["Cc"] = 0x2,
        ["Bcc"] = 0x4002,
        ["Apparently-To"] = 0x2,
        ["Return-Path"] = 0x20060,
        ["Received"] = 0xc0,
        ["X400-Received"] = 0xc0,
        ["Via"] = 0xc0,
        ["Mail-From"] = 0xc0,
        ["Comments"] = 0x8040,
        ["Subject"] = 0x8000,
        ["Content-Transfer-Encoding"] = 0x1000,
        ["Content-Type"] = 0x2000,
        ["Content-Length"] = 0x20,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The flags of a field. <c>Text:</c> ends a header section and is nothing else.</summary>
    internal static int Of(string field) => field.Equals("Text", StringComparison.OrdinalIgnoreCase) ? 1 : Known.GetValueOrDefault(field) | User;
}
