namespace Postrider.Mail;

/// <summary>BODY= of MAIL (RFC 6152). Undeclared is what a client says that gives no BODY.</summary>
public enum BodyType
{
    Undeclared,
    SevenBit,
    EightBitMime,
}
