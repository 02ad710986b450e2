namespace Postrider.Mail;

/// <summary>BY= of MAIL (RFC 2852 §4).</summary>
/// <param name="Within">Seconds from the moment of MAIL; may be negative in notify mode.</param>
/// <param name="ReturnWhenLate">Mode R: return instead of delivering late. False is mode N: notify.</param>
/// <param name="Trace">T: tell about relaying hops.</param>
public sealed record DeliverBy(TimeSpan Within, bool ReturnWhenLate, bool Trace);
