using System.Globalization;
using Postrider.Mail;

namespace Postrider.Smtp.Grammar;

/// <summary>What is answered to arguments that the grammar refuses. Codes and texts: sendmail 8.17, oracle 05.</summary>
internal static class SyntaxReplies
{
    public static SmtpReply Scanning(ReadOnlySpan<char> word) => Of(501, "5.5.2", $"Syntax error in parameters scanning \"{Echo(word)}\"");

    public static SmtpReply Unbalanced(string given, char character) => Of(553, "5.0.0", $"{SmtpEcho.Of(given)}... Unbalanced '{character}'");

    public static SmtpReply InvalidRoute(string given) => Of(553, "5.1.3", $"{SmtpEcho.Of(given)}... Invalid route address");

    public static SmtpReply HostRequired(string given) => Of(553, "5.1.3", $"{SmtpEcho.Of(given)}... Hostname required");

    public static SmtpReply UserRequired(string given) => Of(553, "5.1.3", $"{SmtpEcho.Of(given)}... User address required");

    public static SmtpReply NoRecipient(string given) => Of(553, "5.0.0", $"{SmtpEcho.Of(given)}... User address required");

    public static SmtpReply IllegalCharacter(string given) => Of(553, "5.1.3", $"{SmtpEcho.Of(given)}... Illegal character in address");

    /// <summary>RFC 5321 §4.1.2: a command names one path. sendmail 8.17 takes a list here (oracle 05).</summary>
    public static SmtpReply OnePathOnly(string given) => Of(553, "5.1.3", $"{SmtpEcho.Of(given)}... One address per command");

    public static SmtpReply TooLong(string given) => Of(553, "5.1.0",
        string.Create(CultureInfo.InvariantCulture, $"{SmtpEcho.Of(given)}... Address \"{SmtpEcho.Clean(given)}\" too long ({PathArgument.MaxLength} bytes max)"));

    public static SmtpReply TooManyParameters => Of(501, "5.5.4", "Too many parameters");

    public static SmtpReply Unrecognized(ReadOnlySpan<char> keyword) => Of(555, "5.5.4", $"{Echo(keyword)} parameter unrecognized");

    public static SmtpReply NeedsValue(string keyword) => Of(501, "5.5.2", $"{keyword} requires a value");

    public static SmtpReply Duplicate(string keyword) => Of(501, "5.5.0", $"Duplicate {keyword} parameter");

    public static SmtpReply BadValue(string keyword) => Of(501, "5.5.4", $"Syntax error in {keyword} parameter value");

    public static SmtpReply NoDsn(string keyword) => Of(504, "5.7.0", $"Sorry, {keyword} not supported, we do not allow DSN");

    public static SmtpReply SizeInvalid => Of(552, "5.2.3", "Message size invalid");

    public static SmtpReply SizeOverflow => Of(552, "5.2.3", "Message size exceeds maximum value");

    public static SmtpReply UnknownBody(ReadOnlySpan<char> value) => Of(501, "5.5.4", $"Unknown BODY type {Echo(value)}");

    public static SmtpReply BadReturn(ReadOnlySpan<char> value) => Of(501, "5.5.2", $"Bad argument \"{Echo(value)}\" to RET");

    /// <summary>With both blanks, as sendmail writes it (oracle 05).</summary>
    public static SmtpReply BadNotify(ReadOnlySpan<char> value) => Of(501, "5.5.4", $"Bad argument \"{Echo(value)}\"  to NOTIFY");

    public static SmtpReply BySemicolon => Of(501, "5.5.2", "BY= missing ';'");

    public static SmtpReply ByMode(ReadOnlySpan<char> value) => Of(501, "5.5.2", $"illegal by-mode '{Echo(value)}'");

    public static SmtpReply ByNotPositive => Of(501, "5.5.4", "mode R requires BY time > 0");

    private static string Echo(ReadOnlySpan<char> text) => SmtpEcho.Of(text.ToString());

    private static SmtpReply Of(int code, string status, string text) => SmtpReply.Of(code, status, text).Because(ReasonKind.Protocol, "syntax");
}
