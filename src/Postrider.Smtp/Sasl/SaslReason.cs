namespace Postrider.Smtp.Sasl;

/// <summary>Why an exchange failed, in the form that sendmail's log has from Cyrus SASL, because programs that watch logs look for it (sendmail 8.17, oracle 31).</summary>
internal static class SaslReason
{
    internal const string PasswordDetail = "Password verification failed";

    internal static string WrongPassword(string detail) => "authentication failure (-13) SASL(-13): authentication failure: " + detail;

    internal static string NoUser(string detail) => "user not found (-20) SASL(-13): user not found: " + detail;

    internal static string Protocol(string detail) => "bad protocol / cancel (-5) SASL(-5): bad protocol / cancel: " + detail;

    internal static string Unavailable(string detail) => "generic failure (-1) SASL(-1): generic failure: " + detail;
}
