using System.Globalization;

namespace Postrider.Sendmail.Rewriting;

/// <summary>What stands behind <c>$@</c> in <c>$#error $@ … $: …</c>, as a status of <c>sysexits.h</c>.</summary>
/// <remarks>Asked of sendmail 8.17 with a ruleset that answers each of these. Temporary ones leave no mark on the exit status there, so they are 0 here.</remarks>
public static class ErrorExit
{
    private const int Ok = 0;
    private const int Usage = 64;
    private const int Data = 65;
    private const int NoUser = 67;
    private const int NoHost = 68;
    private const int Unavailable = 69;
    private const int Software = 70;
    private const int OperatingSystem = 71;
    private const int Io = 74;
    private const int TemporaryFailure = 75;
    private const int Protocol = 76;
    private const int Configuration = 78;

    /// <summary>The status; 0 for what is temporary.</summary>
    /// <param name="host">An enhanced status code, a number, or a word; null or empty if there was no <c>$@</c>.</param>
    public static int Of(string? host)
    {
        if (string.IsNullOrEmpty(host)) { return Unavailable; }
        if (!char.IsAsciiDigit(host[0])) { return OfWord(host); }
        if (host.Length > 1 && host[1] == '.') { return OfStatus(host); }
        return Number(host) is TemporaryFailure ? Ok : Number(host) & 0xff;
    }

    private static int OfWord(string word) => word.ToUpperInvariant() switch
    {
        "USAGE" => Usage,
        "NOUSER" => NoUser,
        "NOHOST" => NoHost,
        "SOFTWARE" => Software,
        "TEMPFAIL" => Ok,
        "PROTOCOL" => Protocol,
        "CONFIG" => Configuration,
        _ => Unavailable,
    };

    private static int OfStatus(string status)
    {
        if (status[0] is '2' or '4') { return Ok; }
        if (status[0] != '5') { return Configuration; }
        string[] parts = status.Split('.');
        return (Number(parts[1]), parts.Length > 2 ? Number(parts[2]) : 0) switch
        {
            (1, 0) => Data,
            (1, 1 or 6) => NoUser,
            (1, 2 or 8) => NoHost,
            (1, 3 or 7) => Usage,
            (1, 5) => Configuration,
            (2, 3) => Data,
            (3, _) => OperatingSystem,
            (4, 0 or 2) => Io,
            (4, 1 or 3 or 5) => Ok,
            (4, 4) => Protocol,
            (4, 6) => Configuration,
            (5, _) => Protocol,
            (7, _) => Data,
            _ => Unavailable,
        };
    }

    // The digits in front; what stands behind them does not count.
    private static int Number(string text)
    {
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) { digits++; }
        return int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;
    }
}
