using System.Buffers;

namespace Postrider.Smtp.Grammar;

/// <summary>The argument of HELO and EHLO.</summary>
public static class HeloName
{
    // sendmail 8.17, oracle 01: under_score, -x, x..y, [1.2.3.4 and any literal pass; bad!name, a blank inside and 8-bit octets do not.
    private static readonly SearchValues<char> Legal = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789[].-_#:");

    public static bool IsLegal(SmtpCommand command) => !command.HadEighthBit && !command.Argument.AsSpan().ContainsAnyExcept(Legal);
}
